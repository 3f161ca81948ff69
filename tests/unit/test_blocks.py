"""A chunk checked: every record is a row of the block or a reject, with its place."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loader.blocks
from loader.block_files import texts_of, unpacked, varint
from loader.blocks import Checked, Job, check
from loader.chunks import Chunk
from loader.envelope import Reason
from loader.limits import Limits
from tests.statements import REMOVED, lines, statement, text

DEFAULT = Limits()
NOW = 1_700_000_000_000_000


def checked(data: bytes, folder: Path, first_byte: int = 0, limits: Limits = DEFAULT) -> Checked:
    job = Job(uuid.UUID(int=7), "source", NOW, folder, limits)
    return check(Chunk(first_byte, len(data), data), job)


def texts(result: Checked) -> list[bytes]:
    """The statements in a block, found by where it says they begin."""
    if result.rows.block is None:
        return []
    content = unpacked(result.rows.block)
    return [content[place] for place in texts_of(content, result.rows.texts_at, len(result.rows))]


def test_rows_and_rejects_keep_their_places(tmp_path: Path) -> None:
    content = b"\n" + lines(b" " + text(statement(1)) + b"\r", b"bad", b"\t", statement(2))
    result = checked(content, tmp_path, first_byte=1000)
    assert texts(result) == [text(statement(1)), text(statement(2))]
    assert list(result.rows.lines) == [1, 4]
    starts = [content.index(b' {"id"'), content.rindex(b'\n{"id"') + 1]
    assert list(result.rows.bytes) == [1000 + start for start in starts]
    (reject,) = result.rejects
    assert (reject.line, reject.byte, reject.raw) == (2, 1000 + content.index(b"bad"), b"bad")
    assert reject.reason is Reason.INVALID_JSON
    assert (result.size, result.line_ends) == (len(content), content.count(b"\n"))


def test_ids_are_packed_in_the_order_of_their_digits(tmp_path: Path) -> None:
    result = checked(lines(statement(1), statement(2)), tmp_path)
    assert result.rows.ids == uuid.UUID(int=1).bytes + uuid.UUID(int=2).bytes


def test_a_statement_without_time_gets_that_of_the_load(tmp_path: Path) -> None:
    result = checked(lines(statement(1, timestamp=REMOVED), statement(2)), tmp_path)
    assert result.untimed == 1
    assert result.rows.times[0] == NOW != result.rows.times[1]


def test_nothing_writes_no_block(tmp_path: Path) -> None:
    for content in (b"", b"\n \r\n", b"bad\n"):
        assert checked(content, tmp_path).rows.block is None
    assert list(tmp_path.iterdir()) == []


def test_spans_are_records_too(tmp_path: Path) -> None:
    one, two = text(statement(1)), text(statement(2))
    data = b"[\n" + one + b",\n\n" + two + b"]"
    places = tuple((data.index(made), data.index(made) + len(made)) for made in (one, two))
    chunk = Chunk(50, len(data), data, spans=places)
    result = check(chunk, Job(uuid.UUID(int=7), "source", NOW, tmp_path))
    assert texts(result) == [one, two]
    assert list(result.rows.lines) == [1, 3]
    assert list(result.rows.bytes) == [50 + start for start, _ in places]


def test_a_chunk_of_a_file_is_read_where_it_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(b"skipped\n" + lines(statement(1)) + b"beyond")
    size = len(lines(statement(1)))
    result = check(Chunk(8, size, path=path), Job(uuid.UUID(int=7), "source", NOW, tmp_path))
    assert texts(result) == [text(statement(1))]


def test_too_large_is_rejected_and_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader.blocks, "KEPT_OF_TOO_LARGE", 10)
    just = text(statement(1))
    large = text(statement(2, result={"response": "x" * 1_000}))
    result = checked(lines(just, large), tmp_path, limits=Limits(statement_bytes=1_000))
    assert texts(result) == [just]
    (reject,) = result.rejects
    assert (reject.reason, reject.raw) == (Reason.TOO_LARGE, large[:10])


@given(st.integers(0, 2**63))
def test_a_varint_is_what_leb128_says(number: int) -> None:
    encoded = varint(number)
    assert sum((byte & 127) << (7 * place) for place, byte in enumerate(encoded)) == number
    assert all(byte & 128 for byte in encoded[:-1])
    assert not encoded[-1] & 128
