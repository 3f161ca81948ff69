"""Inputs: which files an argument names, and chunks that hold whole lines."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import loader.reading.inputs
from loader.chunks import Chunk, records_of
from loader.csv_rows import layout_of
from loader.errors import LoaderError, UsageError
from loader.limits import Limits
from loader.reading import (
    AS_IT_COMES,
    Format,
    Input,
    Reading,
    Source,
    find_sources,
    open_input,
    open_inputs,
    refuse_tables,
)
from loader.reading.compression import is_compressed
from tests.reading import Read, Record, read_all, read_inputs, read_one

LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=12)
ANY_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
AS_LINES = Reading(Format.LINES)


def lines_of(content: bytes) -> list[Record]:
    """The same by a reading of the whole."""
    start = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    cut = content[start:].split(b"\n")
    offsets = itertools.accumulate((len(line) + 1 for line in cut), initial=start)
    return [
        Record(number, byte, line)
        for number, (byte, line) in enumerate(zip(offsets, cut, strict=False))
        if line.strip()
    ]


def says_what_it_is(content: bytes) -> bool:
    """Whether it begins like something that is not text, or like a table of statements."""
    others = (b"PK", b"PAR1", b"7z", b"Rar!", b"\x04\x22", b"\xff\xfe", b"\xfe\xff")
    return is_compressed(content) or content.startswith(others) or bool(layout_of(content))


@ANY_FOLDER
@given(LINES, st.integers(3, 40), st.booleans(), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_lines_are_the_same_at_any_chunk_size(
    tmp_path: Path, cut: list[bytes], size: int, last_ends: bool, end: bytes, bom: bool
) -> None:
    content = (b"\xef\xbb\xbf" if bom else b"") + end.join(cut) + (end if last_ends else b"")
    assume(not says_what_it_is(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.reading.inputs, "CHUNK_BYTES", size)
        (tmp_path / "plain.jsonl").write_bytes(content)
        (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(content))
        (tmp_path / "packed.ndjson.zst").write_bytes(zstandard.compress(content))
        for file in tmp_path.iterdir():
            assert read_one(file, AS_LINES).records == lines_of(content)


@ANY_FOLDER
@given(st.binary(max_size=300) | st.text('[]{}",: \\\n1a', max_size=80).map(str.encode))
def test_any_bytes_are_read_and_none_is_lost(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "anything"
    path.write_bytes(content)
    if says_what_it_is(content):
        with contextlib.suppress(LoaderError):
            read_inputs(path)
        return
    (read,) = read_inputs(path)
    assert isinstance(read, Read)
    outside = bytearray(content)
    for record in read.records:
        assert content[record.byte : record.byte + len(record.text)] == record.text
        assert record.line == content.count(b"\n", 0, record.byte)
        outside[record.byte : record.byte + len(record.text)] = bytes(len(record.text))
    if b'"statements"' not in content:
        assert not outside.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\v\f,[]\0")


@pytest.mark.parametrize("size", [5, 64, 10_000])
@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz"])
def test_a_line_too_large_is_one_record_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, ending: str
) -> None:
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", size)
    content = b"one\n" + b"x" * 5_000 + b"\ntwo\nthree"
    path = tmp_path / f"s{ending}"
    path.write_bytes(gzip.compress(content) if ending.endswith(".gz") else content)
    read = read_one(path, Reading(limits=Limits(statement_bytes=100)))
    one, large, two, three = read.records
    assert (one, two, three) == (
        Record(0, 0, b"one"),
        Record(2, 5005, b"two"),
        Record(3, 5009, b"three"),
    )
    assert (large.line, large.byte) == (1, 4)
    assert len(large.text) > 100
    assert read.size == len(content)


def test_a_file_that_grows_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(b"one\n")
    (first,) = chunks_of(path)
    path.write_bytes(b"one\ntwo\n")
    assert first.read() == b"one\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_grows_is_said_to_have_grown(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(pack(b"one\n"))
    with open_input(Source("s", path)) as opened:
        assert list(opened.chunks())
        assert not opened.grew
    with open_input(Source("s", path)) as opened:
        chunks = opened.chunks()
        next(chunks)
        with path.open("ab") as file:
            file.write(pack(b"two\n"))
        texts = [chunk.read() for chunk in chunks]
        assert opened.grew or texts == [b"two\n"]


def test_a_file_that_shrinks_or_is_replaced_while_it_is_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(b"one\ntwo\n")
    (chunk,) = chunks_of(path)
    os.truncate(path, 4)
    with pytest.raises(LoaderError, match=r"s\.jsonl became shorter while it was read"):
        chunk.read()
    (tmp_path / "other").write_bytes(b"six\nten\n")
    (tmp_path / "other").rename(path)
    with pytest.raises(LoaderError, match=r"s\.jsonl was replaced while it was read"):
        chunk.read()


def chunks_of(path: Path) -> list[Chunk]:
    for opened in open_inputs(Source("s", path)):
        assert isinstance(opened, Input)
        return list(opened.chunks())
    return []


def test_position_reaches_the_size(tmp_path: Path) -> None:
    for name, content in (("s.jsonl", b"{}\n" * 99), ("s.jsonl.gz", gzip.compress(b"{}\n" * 99))):
        path = tmp_path / name
        path.write_bytes(content)
        with open_input(Source(name, path)) as opened:
            read_all(opened)
            assert opened.position == opened.size == len(content)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(gzip.compress(b"one\ntwo")))

    monkeypatch.setattr("sys.stdin", Stdin)
    (source,) = find_sources(["-"])
    assert (source.name, source.path, source.size) == ("-", None, None)
    assert read_one("-").texts == [b"one", b"two"]


def test_a_named_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"one\ntwo\n",))
    writer.start()
    assert read_one(path).texts == [b"one", b"two"]
    writer.join()


def test_what_arguments_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    others = ("b/readme.md", "b/notes.sql.gz", "a [1].txt")
    for name in ("b/x.jsonl", "b/c/y.JSON.GZ", "b/z.ndjson.zst", "b/2018-12-10.zst", *others):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert names(["b"]) == ["b/2018-12-10.zst", "b/c/y.JSON.GZ", "b/x.jsonl", "b/z.ndjson.zst"]
    assert names(["b/*.jsonl"]) == ["b/x.jsonl"]
    assert names(["**/*.zst"]) == ["b/2018-12-10.zst", "b/z.ndjson.zst"]
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
    table.write_bytes(gzip.compress(b"id,name\n1,Ann\n"))
    with pytest.raises(UsageError, match="is not statements but a table: `loader ingest --table N"):
        refuse_tables(find_sources([str(table)]), AS_IT_COMES)
    assert read_inputs(tmp_path) == [str(table)]  # in a folder it is passed over
    assert len(find_sources([str(table)], table="course_blocks")) == 1
    with pytest.raises(UsageError, match="is a folder: name the files of the table tag"):
        find_sources([str(tmp_path)], table="tag")


def test_a_file_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl"))
    path.write_bytes(b"one\n")
    (source,) = find_sources([str(path)])
    assert source.name.endswith("/caf\ufffd.jsonl")
    with open_input(source) as opened:
        assert read_all(opened).texts == [b"one"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("lines.jsonl", b"x\n" * 300_000, Format.LINES),
        ("lines.jsonl.gz", gzip.compress(b"x\n" * 300_000), Format.LINES),
        ("array.json", b"[" + b"1," * 300_000 + b"1]", Format.JSON),
        ("rows.csv", b"event\n" + b'"x"\n' * 300_000, Format.CSV),
        ("uneven.jsonl", b"x" * 100_000 + b"\n" + b"x\n" * 300_000, Format.LINES),
    ],
)
def test_no_chunk_has_very_many_records(
    tmp_path: Path, name: str, content: bytes, kind: Format
) -> None:
    (tmp_path / name).write_bytes(content)
    with open_input(Source(name, tmp_path / name), Reading(kind)) as opened:
        counts = [len(records_of(chunk.read(), chunk).texts) for chunk in opened.chunks()]
    assert max(counts) < 25_000
    assert sum(counts) >= 300_000
