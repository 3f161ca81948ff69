"""From the bytes of a file to rows that can land, and verdicts on those that cannot.

This runs in worker processes: it knows neither the engine nor the command line.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain

from loader.envelope import Reason, Rejection, examine, examine_usual, has_constants

MAX_STATEMENT_BYTES = 16 * 1024 * 1024

# How much of a statement that is too large is kept with its rejection.
KEPT_OF_TOO_LARGE = 64 * 1024


@dataclass(frozen=True)
class Chunk:
    """A stretch of an input: whole records, and where in the input they stand.

    `spans` are the records as (start, end) within `data`; None means one a line.
    """

    data: bytes
    first_line: int  # from 1
    first_byte: int  # from 0
    spans: tuple[tuple[int, int], ...] | None = None

    def records(self) -> Iterator[tuple[int, int, bytes]]:
        """Every record, blank ones included: its line and byte in the input, its text."""
        line, start = self.first_line, 0
        if self.spans is None:
            byte = self.first_byte
            for line, text in enumerate(self.data.split(b"\n"), line):
                yield line, byte, text
                byte += len(text) + 1
            return
        for begin, end in self.spans:
            line += self.data.count(b"\n", start, begin)
            start = begin
            yield line, self.first_byte + begin, self.data[begin:end]


@dataclass(frozen=True)
class Reject:
    """One record that did not land; `line` from 1 and `byte` from 0 in the input."""

    line: int
    byte: int
    reason: Reason
    detail: str
    raw: bytes


@dataclass
class Rows:
    """Statements that may land, column by column, in the order of the input."""

    ids: bytes  # 16 bytes a row, in the order of the written digits
    times: array[int]  # microseconds since 1970
    texts: bytes  # each with its length before it, as ClickHouse's Native format has it
    lengths: array[int]  # bytes of each text
    lines: array[int]  # line in the input, from 1
    bytes: array[int]  # offset in the input, from 0

    def __len__(self) -> int:
        return len(self.times)


class MergedRows:
    """The rows of several chunks, each to be had by its number."""

    def __init__(self, parts: list[Rows]) -> None:
        self._ids = b"".join(part.ids for part in parts)
        self._times = array("q", chain.from_iterable(part.times for part in parts))
        self._texts = b"".join(part.texts for part in parts)
        self._lengths = array("L", chain.from_iterable(part.lengths for part in parts))
        self.lines = array("Q", chain.from_iterable(part.lines for part in parts))
        self.bytes = array("Q", chain.from_iterable(part.bytes for part in parts))
        packed = (len(varint(length)) + length for length in self._lengths)
        self._ends = array("Q", accumulate(packed))

    def key(self, row: int) -> bytes:
        """The 16 bytes of a row's id."""
        return self._ids[row * 16 : row * 16 + 16]

    def text(self, row: int) -> bytes:
        """A row's statement as it came."""
        return self._texts[self._ends[row] - self._lengths[row] : self._ends[row]]

    def select(self, rows: list[int]) -> Rows:
        """These rows alone, in this order."""
        return Rows(
            ids=b"".join(map(self.key, rows)),
            times=array("q", [self._times[row] for row in rows]),
            texts=b"".join(varint(self._lengths[row]) + self.text(row) for row in rows),
            lengths=array("L", [self._lengths[row] for row in rows]),
            lines=array("Q", [self.lines[row] for row in rows]),
            bytes=array("Q", [self.bytes[row] for row in rows]),
        )


@dataclass
class Checked:
    """What became of a chunk: `lines == len(rows) + len(rejects)`."""

    rows: Rows
    rejects: list[Reject]
    untimed: int  # rows that tell no time and got the time of loading
    size: int  # bytes of input

    @property
    def lines(self) -> int:
        return len(self.rows) + len(self.rejects)


def check(chunk: Chunk, loaded_at: int) -> Checked:
    """Every record of a chunk as a row or a reject; blank lines are not records.

    `loaded_at` (microseconds since 1970) is the time of statements that tell none.
    """
    ids: list[str] = []
    times = array("q")
    packed: list[bytes] = []
    lengths, lines, offsets = array("L"), array("Q"), array("Q")
    rejects: list[Reject] = []
    untimed = 0
    unusual = has_constants(chunk.data)
    for line, byte, record in chunk.records():
        text = record.strip()
        if not text:
            continue
        size = len(text)
        try:
            usual = None if unusual or size > MAX_STATEMENT_BYTES else examine_usual(text)
            identifier, time = usual or _examine(text)
        except Rejection as verdict:
            kept = text[:KEPT_OF_TOO_LARGE] if verdict.reason is Reason.TOO_LARGE else text
            rejects.append(Reject(line, byte, verdict.reason, verdict.detail, kept))
            continue
        if time is None:
            untimed += 1
            time = loaded_at
        ids.append(identifier)
        times.append(time)
        packed.append(varint(size))
        packed.append(text)
        lengths.append(size)
        lines.append(line)
        offsets.append(byte)
    rows = Rows(
        ids=bytes.fromhex("".join(ids).replace("-", "")),
        times=times,
        texts=b"".join(packed),
        lengths=lengths,
        lines=lines,
        bytes=offsets,
    )
    return Checked(rows, rejects, untimed, len(chunk.data))


def _examine(text: bytes) -> tuple[str, int | None]:
    if len(text) > MAX_STATEMENT_BYTES:
        limit = MAX_STATEMENT_BYTES // 1024**2
        raise Rejection(Reason.TOO_LARGE, f"more than the limit of {limit} MiB")
    return examine(text)


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


_VARINTS = [_varint(number) for number in range(1 << 14)]


def varint(number: int) -> bytes:
    """A length as ClickHouse's Native format writes it (LEB128)."""
    return _VARINTS[number] if number < len(_VARINTS) else _varint(number)
