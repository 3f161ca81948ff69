"""Files that come and grow: every look finds what is new, once, and never half a line."""

from __future__ import annotations

import gzip
import itertools
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loader.reading.following
from loader.errors import InputError, UsageError
from loader.reading import Input, open_inputs
from loader.reading.following import Follower
from tests.reading import Record, read_all

A, B, C = b'{"a": 1}', b'{"b": 2}', b'{"c": 3}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


@pytest.fixture
def follower(folder: Path) -> Iterator[Follower]:
    with closing(Follower([str(folder)])) as made:
        yield made


def look(follower: Follower, end: bool = False) -> list[tuple[str, list[Record]]]:
    """What a look finds, by the names of the files; lines count from 1."""
    found = []
    for news in follower.rests() if end else follower.look():
        for opened in open_inputs(news.source):
            assert isinstance(opened, Input)
            read = read_all(opened)
            news.landed(read.lines)
            records = [
                Record(one.line + opened.first_line, one.byte, one.text) for one in read.records
            ]
            found.append((Path(opened.name).name, records))
    return found


def texts(follower: Follower, end: bool = False) -> list[bytes]:
    return [record.text for _, records in look(follower, end) for record in records]


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def test_new_files_and_new_lines_of_files(folder: Path, follower: Follower) -> None:
    assert look(follower) == []
    append(folder / "x.jsonl", A + b"\n")
    assert look(follower) == [("x.jsonl", [Record(1, 0, A)])]
    assert look(follower) == []
    append(folder / "x.jsonl", b"\n" + B + b"\n" + C + b"\n")
    append(folder / "y.ndjson", b"\xef\xbb\xbf" + A + b"\n")
    assert look(follower) == [
        ("x.jsonl", [Record(3, 10, B), Record(4, 19, C)]),
        ("y.ndjson", [Record(1, 3, A)]),
    ]
    assert look(follower) == []
    assert follower.unfinished() == []


def test_half_a_line_waits_for_its_other_half(folder: Path, follower: Follower) -> None:
    append(folder / "x.jsonl", A + b"\n" + B[:5])
    assert texts(follower) == [A]
    assert follower.unfinished() == [str(folder / "x.jsonl")]
    append(folder / "x.jsonl", B[5:7])
    assert texts(follower) == []
    append(folder / "x.jsonl", B[7:] + b"\n")
    assert look(follower) == [("x.jsonl", [Record(2, 9, B)])]


def test_a_whole_statement_does_not_wait_for_the_end_of_its_line(
    folder: Path, follower: Follower
) -> None:
    append(folder / "x.jsonl", A + b"\n" + B)
    assert texts(follower) == [A, B]
    append(folder / "x.jsonl", b"\n" + C + b"\n")
    assert look(follower) == [("x.jsonl", [Record(3, 18, C)])]


def test_a_file_that_is_renamed_is_read_on(folder: Path, follower: Follower) -> None:
    append(folder / "x.jsonl", A + b"\n")
    assert texts(follower) == [A]
    append(folder / "x.jsonl", B + b"\n")
    (folder / "x.jsonl").rename(folder / "x.1.jsonl")
    append(folder / "x.jsonl", C + b"\n")
    assert sorted(look(follower)) == [
        ("x.1.jsonl", [Record(2, 9, B)]),
        ("x.jsonl", [Record(1, 0, C)]),
    ]


def test_what_was_written_before_a_file_left_the_folder_is_read(
    folder: Path, follower: Follower
) -> None:
    append(folder / "x.jsonl", A + b"\n")
    assert texts(follower) == [A]
    moved = (folder / "x.jsonl").rename(folder.parent / "x.jsonl.1")
    append(moved, B + b"\n" + C[:3])
    append(folder / "x.jsonl", A + b"\n")
    assert sorted(texts(follower)) == [A, B]
    append(moved, C[3:])
    assert texts(follower) == [C]


def test_a_file_that_is_deleted_is_read_to_its_end(folder: Path, follower: Follower) -> None:
    append(folder / "x.jsonl", A + b"\n")
    append(folder / "y.jsonl", A + b"\n")
    assert texts(follower) == [A, A]
    append(folder / "x.jsonl", B + b"\n" + C[:3])
    (folder / "x.jsonl").unlink()
    assert texts(follower) == [B, C[:3]]
    assert look(follower) == []
    append(folder / "y.jsonl", C[:4])
    assert look(follower) == []
    (folder / "y.jsonl").unlink()
    assert texts(follower, end=True) == [C[:4]]


@pytest.mark.parametrize("written", [C + b"\n", C + b"\n" + A + b"\n" + B + b"\n"])
def test_a_file_that_is_cut_off_or_written_anew_is_read_from_its_start(
    folder: Path, follower: Follower, written: bytes
) -> None:
    append(folder / "x.jsonl", A + b"\n" + B + b"\n")
    assert texts(follower) == [A, B]
    (folder / "x.jsonl").write_bytes(written)
    (found,) = look(follower)
    assert found[1][0] == Record(1, 0, C)
    assert len(found[1]) == written.count(b"\n")


def test_a_file_cut_off_after_it_was_looked_at_is_read_again(
    folder: Path, follower: Follower
) -> None:
    append(folder / "x.jsonl", (A + b"\n") * 100)
    (news,) = follower.look()
    os.truncate(folder / "x.jsonl", 0)
    (opened,) = open_inputs(news.source)
    assert isinstance(opened, Input)
    with pytest.raises(InputError, match="became shorter while it was read") as raised:
        read_all(opened)
    assert isinstance(raised.value, InputError)
    news.failed(raised.value)
    append(folder / "x.jsonl", B + b"\n")
    assert texts(follower) == [B]
    assert follower.failures() == []


def test_other_files_are_read_when_they_no_longer_change(folder: Path, follower: Follower) -> None:
    packed = gzip.compress(A + b"\n" + B + b"\n")
    (folder / "x.jsonl.gz").write_bytes(packed[:20])
    (folder / "page.json").write_bytes(b'{"statements": [')
    assert look(follower) == []
    append(folder / "x.jsonl.gz", packed[20:])
    append(folder / "page.json", C)
    assert look(follower) == []
    append(folder / "page.json", b"]}")
    assert look(follower) == [("x.jsonl.gz", [Record(1, 0, A), Record(2, 9, B)])]
    assert look(follower) == [("page.json", [Record(1, 16, C)])]
    assert look(follower) == []


def test_what_cannot_be_read_is_tried_again_when_it_has_changed(
    folder: Path, follower: Follower
) -> None:
    packed = gzip.compress(A)
    (folder / "x.jsonl.gz").write_bytes(packed[:-9])
    assert list(follower.look()) == []
    (news,) = follower.look()
    news.failed(InputError("cut short"))
    assert list(follower.look()) == []
    assert [str(one) for one in follower.failures()] == ["cut short"]
    append(folder / "x.jsonl.gz", packed[-9:])
    assert texts(follower) + texts(follower) == [A]
    assert follower.failures() == []


def test_globs_and_files(folder: Path) -> None:
    append(folder / "x.log", A + b"\n")
    append(folder / "y.txt", B + b"\n")
    with closing(Follower([f"{folder}/*.log", str(folder / "y.txt")])) as follower:
        assert texts(follower) == [A, B]
        append(folder / "z.log", C + b"\n")
        assert texts(follower) == [C]


def test_what_cannot_be_followed(folder: Path) -> None:
    for argument in ("-", "s3://bucket/folder/"):
        with pytest.raises(UsageError, match="cannot be followed: name files and folders here"):
            Follower([argument])
    with pytest.raises(UsageError, match="There is no file"):
        Follower([str(folder / "missing")])


def test_more_files_than_are_kept_open(
    folder: Path, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.reading.following, "KEPT_OPEN", 3)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for number in range(9):
        append(folder / f"{number}.jsonl", A + b"\n")
    assert texts(follower) == [A] * 9
    assert len(os.listdir("/proc/self/fd")) == before + 3  # noqa: PTH208
    for number in range(9):
        append(folder / f"{number}.jsonl", B + b"\n")
    assert texts(follower) == [B] * 9


LINES = st.lists(
    st.sampled_from([A, B, C, b"", b"broken", b'{"d": "' + b"x" * 200 + b'"}']), max_size=12
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.lists(st.integers(0, 400), max_size=6), st.booleans())
def test_however_a_file_grows_each_line_comes_once(
    tmp_path: Path, lines: list[bytes], cuts: list[int], rotated: bool
) -> None:
    """What is found in pieces is what one reading of the whole finds."""
    content = b"".join(line + b"\n" for line in lines)
    path = tmp_path / "x.jsonl"
    path.unlink(missing_ok=True)
    (tmp_path / "x.1.jsonl").unlink(missing_ok=True)
    with closing(Follower([str(tmp_path)])) as follower:
        found: list[Record] = []
        places = sorted({min(cut, len(content)) for cut in cuts} | {0, len(content)})
        for start, end in itertools.pairwise(places):
            append(path, content[start:end])
            found += [record for _, records in look(follower) for record in records]
            if rotated:
                path = path.rename(tmp_path / "x.1.jsonl")
    expected = [
        Record(number + 1, sum(len(one) + 1 for one in lines[:number]), line)
        for number, line in enumerate(lines)
        if line
    ]
    assert found == expected
