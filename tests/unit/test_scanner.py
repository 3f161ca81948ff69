"""Statements read by compiled code: never another verdict than that of the envelope."""

from __future__ import annotations

import ctypes
import json
import mmap
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loader.scanner
from loader.block_files import varint
from loader.envelope import examine
from loader.errors import LoaderError
from loader.generate import GeneratorOptions, generate
from loader.scanner import BLANK, OTHER, USUAL, Scanned, Texts, find_lines, scan, write_texts
from tests.statements import statement, text
from tests.unit.odd_members import ID, ODD_MEMBERS, ODD_VALUES

LARGE = 10**9


def kinds(texts: list[bytes], longest: int = LARGE) -> list[int]:
    return [int(one) for one in scan(Texts.of(texts), longest).kinds]


def agrees(texts: list[bytes]) -> None:
    """What is usual has the id and the time that it has alone; and blanks are blanks."""
    for found in (scan(Texts.of(texts), LARGE), _scanned_as_lines(texts)):
        for row, text_ in enumerate(texts):
            assert found.texts[row] == text_.strip()
            if found.kinds[row] == USUAL:
                identifier, time = examine(text_)
                assert uuid.UUID(bytes=found.ids[row].tobytes()) == uuid.UUID(identifier)
                assert found.times[row] == time
            else:
                assert found.kinds[row] == (OTHER if text_.strip() else BLANK)


def _scanned_as_lines(texts: list[bytes]) -> Scanned:
    """Each with a neighbour right behind it, unless it has more than one line."""
    if any(b"\n" in one for one in texts):
        return scan(Texts.of(texts), LARGE)
    found, _ = find_lines(b"".join(one + b"\n" for one in texts))
    return scan(found, LARGE)


@pytest.mark.parametrize("value", ODD_VALUES)
def test_odd_values_get_the_verdict_they_get_alone(value: bytes) -> None:
    whole = text(statement(1))
    odd = whole[:-1] + b', "context": ' + value + b"}"
    agrees([odd])
    agrees([whole, odd, whole])
    agrees([odd[:at] + odd[at + 1 :] for at in range(0, min(len(odd), 400), 7)])


@pytest.mark.parametrize("member", ODD_MEMBERS)
def test_odd_members_get_the_verdict_they_get_alone(member: str) -> None:
    every = [
        text(statement(number, **{member: value}))
        for number, value in enumerate(ODD_MEMBERS[member])
    ]
    agrees(every)
    for one in every:
        agrees([one])
    again = [
        b'{"%s": %s, ' % (member.encode(), json.dumps(value).encode())
        for value in ODD_MEMBERS[member]
    ]
    agrees([start + text(statement(1))[1:] for start in again])


def test_a_member_whose_name_is_written_with_escapes_is_left_to_others() -> None:
    line = text(statement(1)).replace(b'"id": "000', b'"\\u0069d": "000')
    assert kinds([line]) == [OTHER]
    agrees([line])
    twice = text(statement(1))[:-1] + b', "\\u0069d": "%s"}' % ID.encode()
    assert kinds([twice]) == [OTHER]
    agrees([twice])


ODD_BYTES = b'{}[]":,\\u0d8eE+-.1naft \t\r\x00\x1f\x7f\x80\xc3\xff'


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A statement, of which some bytes are replaced, left out or put in."""
    members = draw(
        st.fixed_dictionaries(
            {}, optional={name: st.sampled_from(values) for name, values in ODD_MEMBERS.items()}
        )
    )
    line = bytearray(text(statement(draw(st.integers(0, 9)), **members)))
    if draw(st.booleans()):
        line[-1:] = b', "x": ' + draw(st.sampled_from(ODD_VALUES)) + b"}"
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(line) - 1))
        line[at : at + draw(st.integers(0, 2))] = draw(
            st.binary(max_size=2) | st.sampled_from([bytes([one]) for one in ODD_BYTES])
        )
    return bytes(line)


@settings(max_examples=300)
@given(st.lists(mutated(), max_size=8))
def test_no_text_gets_another_verdict_than_alone(texts: list[bytes]) -> None:
    agrees(texts)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Callable[[bytes], int]]:
    """Puts bytes where the next one after their NUL may not be read; gives their address."""
    room = 16 * mmap.PAGESIZE
    memory = mmap.mmap(-1, room + mmap.PAGESIZE)
    view = (ctypes.c_char * len(memory)).from_buffer(memory)
    end = ctypes.addressof(view) + room
    protect = ctypes.CDLL(None).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    assert protect(end, mmap.PAGESIZE, 0) == 0

    def put(data: bytes) -> int:
        memory[room - len(data) - 1 : room] = data + b"\0"
        return end - len(data) - 1

    yield put
    assert protect(end, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_WRITE) == 0


@settings(max_examples=300)
@given(mutated() | st.binary(max_size=40), st.integers(0, 2_000), st.integers(0, 2_000))
def test_nothing_is_read_beyond_the_bytes(
    guarded: Callable[[bytes], int], line: bytes, begin: int, length: int
) -> None:
    """Reading on would end this process. Also of a record that begins and ends anywhere."""
    library, size = loader.scanner._library(), len(line)
    data = ctypes.cast(guarded(line), ctypes.c_char_p)
    places = (ctypes.c_uint64 * (size + 1))(), (ctypes.c_uint64 * (size + 1))()
    found = library.find_lines(data, size, size + 1, *places)
    assert found == len(line.split(b"\n")) - (line.endswith(b"\n") or not line)
    begin = min(begin, size)
    begins, lengths = (ctypes.c_uint64 * 2)(0, begin), (ctypes.c_uint64 * 2)(size, 0)
    lengths[1] = min(length, size - begin)
    kinds, ids, times = (ctypes.c_uint8 * 2)(), (ctypes.c_uint8 * 32)(), (ctypes.c_int64 * 2)()
    library.scan(data, size, LARGE, 2, begins, lengths, kinds, ids, times)
    assert set(kinds) <= {OTHER, USUAL, BLANK}


def test_what_is_too_large_is_left_to_others() -> None:
    line = text(statement(1))
    assert kinds([line, b" " + line[:-1] + b" }"], len(line)) == [USUAL, OTHER]
    assert kinds([line], 0) == [OTHER]


def test_nothing_is_unusual_in_what_platforms_send(tmp_path: Path) -> None:
    generate(tmp_path, GeneratorOptions(statements=2_000))
    texts = (tmp_path / "statements.jsonl").read_bytes().splitlines()
    assert set(kinds(texts)) == {USUAL}
    agrees(texts)


OFFSETS = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
WRITTEN: tuple[Callable[[datetime], str], ...] = (
    lambda moment: moment.isoformat(timespec="microseconds"),
    lambda moment: moment.isoformat(timespec="milliseconds"),
    lambda moment: moment.isoformat(timespec="seconds"),
    lambda moment: f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z",
    lambda moment: f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z",
)
STAMPS = st.builds(
    lambda moment, offset, written: written(moment.replace(tzinfo=offset)),
    st.datetimes(datetime(1900, 1, 2), datetime(2299, 12, 30)),
    OFFSETS,
    st.sampled_from(WRITTEN),
)


@given(STAMPS)
def test_times_are_those_that_pydantic_reads(stamp: str) -> None:
    line = text(statement(1, timestamp=stamp))
    assert kinds([line]) == [USUAL]
    agrees([line])


@pytest.mark.parametrize(
    ("stamp", "kind"),
    [
        ("1900-01-01T00:00:00Z", USUAL),
        ("1900-01-01T01:00:00+01:00", USUAL),
        ("1899-12-31T23:59:59.999999Z", OTHER),
        ("1900-01-01T00:59:59.999999+01:00", OTHER),
        ("2299-12-31T23:59:59Z", USUAL),
        ("2300-01-01T00:59:59+01:00", USUAL),
        ("2299-12-31T23:59:59.000001Z", OTHER),
        ("2296-02-29T00:00:00Z", USUAL),
        ("2200-02-29T00:00:00Z", OTHER),
        ("2000-02-29T00:00:00Z", USUAL),
        ("0000-01-01T00:00:00Z", OTHER),
    ],
)
def test_times_at_the_edges(stamp: str, kind: int) -> None:
    line = text(statement(1, timestamp=stamp))
    assert kinds([line]) == [kind]
    agrees([line])


@given(STAMPS, st.integers(0, 40), st.sampled_from("0123456789-+:.TZ /\u00b2\u0663"))
def test_what_is_no_time_is_not_taken_for_one(stamp: str, place: int, other: str) -> None:
    """One character is another."""
    agrees([text(statement(1, timestamp=stamp[:place] + other + stamp[place + 1 :]))])


@given(st.lists(st.sampled_from([b"", b"x", b"\r", b"longer than that", b"y" * 300]), max_size=40))
def test_lines_are_those_that_bytes_are_split_into(lines: list[bytes]) -> None:
    for data in (b"\n".join(lines), b"".join(line + b"\n" for line in lines)):
        found, ends = find_lines(data)
        expected = data.split(b"\n")
        assert list(found) == (expected if expected[-1] else expected[:-1])
        assert ends == data.count(b"\n")


SIZES = st.sampled_from([0, 1, 127, 128, 129, 16_383, 16_384, 100_000])


@given(st.lists(SIZES, max_size=8), st.lists(SIZES, max_size=8), st.randoms())
def test_texts_are_written_with_their_lengths(first: list[int], more: list[int], any_: Any) -> None:
    made = [any_.randbytes(min(size, 8)).ljust(size, b".")[:size] for size in first + more]
    texts = Texts.of(made[: len(first)]).followed_by(made[len(first) :])
    assert list(texts) == made
    assert bytes(write_texts(texts)) == b"".join(varint(len(one)) + one for one in made)


def test_a_library_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader.scanner, "LIBRARY", Path("nowhere.lib"))
    loader.scanner._library.cache_clear()
    with pytest.raises(LoaderError, match="install the package again with pip, which builds it"):
        find_lines(b"a")
    loader.scanner._library.cache_clear()
