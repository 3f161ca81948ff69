"""Inputs: which files an argument names, and chunks that hold whole lines."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import os
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loader.reading
from loader.blocks import records
from loader.errors import LoaderError, UsageError
from loader.reading import Input, Source, find_sources

LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=12)
ANY_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

Record = tuple[int, int, bytes]


def read_all(opened: Input) -> list[Record]:
    """Line from 0, byte and text of every record that is not blank."""
    found, first_line = [], 0
    with contextlib.closing(opened):
        for chunk in opened.chunks():
            data = chunk.read()
            assert len(data) == chunk.size
            cut = records(data, chunk)
            found += [(first_line + line, byte, text) for line, byte, text in cut if text.strip()]
            first_line += data.count(b"\n")
    return found


def read(path: Path) -> list[Record]:
    (source,) = find_sources([str(path)])
    return read_all(Input(source))


def expected(content: bytes) -> list[Record]:
    """The same by a reading of the whole."""
    start = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    cut = content[start:].split(b"\n")
    offsets = itertools.accumulate((len(line) + 1 for line in cut), initial=start)
    return [
        (number, byte, line)
        for number, (byte, line) in enumerate(zip(offsets, cut, strict=False))
        if line.strip()
    ]


@ANY_FOLDER
@given(LINES, st.integers(3, 40), st.booleans(), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_lines_are_the_same_at_any_chunk_size(
    tmp_path: Path, cut: list[bytes], size: int, last_ends: bool, end: bytes, bom: bool
) -> None:
    content = (b"\xef\xbb\xbf" if bom else b"") + end.join(cut) + (end if last_ends else b"")
    if content.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.reading, "CHUNK_BYTES", size)
        (tmp_path / "plain.jsonl").write_bytes(content)
        (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(content))
        (tmp_path / "packed.ndjson.zst").write_bytes(zstandard.compress(content))
        for file in tmp_path.iterdir():
            assert read(file) == expected(content)


@pytest.mark.parametrize("size", [5, 64, 10_000])
@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz"])
def test_a_line_too_large_is_one_record_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, ending: str
) -> None:
    monkeypatch.setattr(loader.reading, "CHUNK_BYTES", size)
    monkeypatch.setattr(loader.reading, "MAX_STATEMENT_BYTES", 100)
    content = b"one\n" + b"x" * 5_000 + b"\ntwo\nthree"
    path = tmp_path / f"s{ending}"
    path.write_bytes(gzip.compress(content) if ending.endswith(".gz") else content)
    one, large, two, three = read(path)
    assert (one[1:], two[1:], three[1:]) == ((0, b"one"), (5005, b"two"), (5009, b"three"))
    assert (one[0], large[0], two[0], three[0]) == (0, 1, 2, 3)
    assert large[1] == 4
    assert len(large[2]) > 100


def test_a_file_that_grows_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(b"one\n")
    with contextlib.closing(Input(Source("s", path))) as opened:
        (first,) = opened.chunks()
    path.write_bytes(b"one\ntwo\n")
    assert first.read() == b"one\n"


def test_position_reaches_the_size(tmp_path: Path) -> None:
    for name, content in (("s.jsonl", b"{}\n" * 99), ("s.jsonl.gz", gzip.compress(b"{}\n" * 99))):
        path = tmp_path / name
        path.write_bytes(content)
        (source,) = find_sources([str(path)])
        opened = Input(source)
        read_all(opened)
        assert opened.position == source.size == len(content)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(gzip.compress(b"one\ntwo")))

    monkeypatch.setattr("sys.stdin", Stdin)
    (source,) = find_sources(["-"])
    assert (source.name, source.path, source.size) == ("-", None, None)
    assert [text for _, _, text in read_all(Input(source))] == [b"one", b"two"]


@pytest.mark.parametrize("packer", [gzip.compress, zstandard.compress])
def test_several_members_in_one_file(tmp_path: Path, packer: object) -> None:
    assert callable(packer)
    path = tmp_path / "s.jsonl"
    path.write_bytes(packer(b"one\n") + packer(b"two\n"))
    assert [text for _, _, text in read(path)] == [b"one", b"two"]


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(os.urandom(1000))[:-9],
        gzip.compress(os.urandom(1000))[:500] + b"\xff" * 600,
        zstandard.compress(os.urandom(1000))[:-9],
        zstandard.compress(b"one\n") + zstandard.compress(os.urandom(1000))[:-9],
        b"\x1f\x8bnot gzip at all",
        b"\x28\xb5\x2f\xfdnot zstd at all",
    ],
)
def test_damage_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(content)
    with pytest.raises(LoaderError, match=r"^Cannot read .*s\.jsonl further: .* load it again\.$"):
        read(path)


def test_what_arguments_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b/x.jsonl", "b/c/y.JSON.GZ", "b/z.ndjson.zst", "b/readme.md", "a [1].txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert names(["b"]) == ["b/c/y.JSON.GZ", "b/x.jsonl", "b/z.ndjson.zst"]
    assert names(["b/*.jsonl"]) == ["b/x.jsonl"]
    assert names(["**/*.zst"]) == ["b/z.ndjson.zst"]
    assert names(["a [1].txt", "-", "b/x.jsonl", "b/x.jsonl"]) == [
        "a [1].txt",
        "-",
        "b/x.jsonl",
        "b/x.jsonl",
    ]


def names(arguments: list[str]) -> list[str]:
    return [source.name for source in find_sources(arguments)]


def test_what_names_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        find_sources([str(tmp_path / "missing.jsonl")])
    with pytest.raises(UsageError, match="holds no statements"):
        find_sources([str(tmp_path)])
    table = tmp_path / "course_blocks.csv.gz"
    table.touch()
    with pytest.raises(UsageError, match="--table NAME"):
        find_sources([str(table)])
    assert len(find_sources([str(table)], table="course_blocks")) == 1
    with pytest.raises(UsageError, match="is a folder: name the files of the table tag"):
        find_sources([str(tmp_path)], table="tag")


def test_a_file_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl"))
    path.write_bytes(b"one\n")
    (source,) = find_sources([str(path)])
    assert source.name.endswith("/caf\ufffd.jsonl")
    assert read_all(Input(source)) == [(0, 0, b"one")]
