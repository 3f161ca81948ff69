"""From the bytes of a file to blocks that can land, and verdicts on what cannot.

This runs in worker processes: it knows neither the engine nor the command line. The
statements themselves never pass through the process that coordinates the work: a
worker reads its stretch of the file and writes a block the engine can take as it is.
"""

from __future__ import annotations

import itertools
import mmap
import operator
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import xxhash

from loader.envelope import Reason, Rejection, examine, examine_usual

MAX_STATEMENT_BYTES = 16 * 1024 * 1024

# How much of a statement that is too large is kept with its rejection.
KEPT_OF_TOO_LARGE = 64 * 1024


@dataclass(frozen=True)
class Chunk:
    """A stretch of an input that holds whole records.

    The bytes are in `data`, or else in the file `path`, from `first_byte` on, `size` of
    them. `spans` are the records as (start, end) within; None means one a line.
    """

    first_byte: int  # from 0
    size: int
    data: bytes = b""
    path: Path | None = None
    spans: tuple[tuple[int, int], ...] | None = None

    def read(self) -> bytes:
        """The bytes of the stretch."""
        if self.path is None:
            return self.data
        with self.path.open("rb") as file:
            file.seek(self.first_byte)
            return file.read(self.size)


@dataclass(frozen=True)
class Job:
    """What holds for every chunk of a load."""

    load_id: UUID
    source: str
    loaded_at: int  # microseconds since 1970: the time of statements that tell none
    folder: Path  # where blocks are written
    strict: bool = False  # whether the whole specification must hold, not the envelope alone


@dataclass(frozen=True)
class Reject:
    """One record that did not land; `line` counts from 0 within its chunk, `byte` in the input."""

    line: int
    byte: int
    reason: Reason
    detail: str
    raw: bytes


@dataclass
class Rows:
    """Statements that may land, in the order of the input; their texts are in `block`."""

    block: Path | None  # None when there are no rows
    ids: bytes  # 16 bytes a row, in the order of the written digits
    times: array[int]  # microseconds since 1970
    texts_at: int  # where in `block` the texts begin, each with its length before it
    lines: array[int]  # from 0, within the chunk
    bytes: array[int]  # from 0, in the input

    def __len__(self) -> int:
        return len(self.times)


@dataclass
class Checked:
    """What became of a chunk: its records are its rows and its rejects."""

    rows: Rows
    rejects: list[Reject]
    untimed: int  # rows that tell no time and got the time of loading
    size: int  # bytes of input
    line_ends: int
    digest: bytes  # of the input's bytes


def check(chunk: Chunk, job: Job) -> Checked:
    """Every record of a chunk as a row or a reject; blank lines are not records."""
    data = chunk.read()
    texts, lines, offsets = _records(data, chunk)
    ids: list[str] = []
    times = array("q")
    good: list[bytes] = []
    numbers = array("Q")
    rejects: list[Reject] = []
    untimed = 0
    examined = _strict_examination() if job.strict else examine_usual
    # One turn of this loop is what a statement costs: see docs/decisions/0002.
    for number, record in enumerate(texts):
        text = record.strip()
        if not text:
            continue
        try:
            usual = examined(text) if len(text) <= MAX_STATEMENT_BYTES else None
            identifier, time = usual or examine_record(text)
        except Rejection as verdict:
            kept = text[:KEPT_OF_TOO_LARGE] if verdict.reason is Reason.TOO_LARGE else text
            place = (lines[number], offsets[number])
            rejects.append(Reject(*place, verdict.reason, verdict.detail, kept))
            continue
        if time is None:
            untimed += 1
            time = job.loaded_at
        ids.append(identifier)
        times.append(time)
        good.append(text)
        numbers.append(number)
    packed_ids = bytes.fromhex("".join(ids).replace("-", ""))
    block, texts_at = write_block(job, packed_ids, times, good) if good else (None, 0)
    rows = Rows(
        block,
        packed_ids,
        times,
        texts_at,
        lines=array("Q", map(lines.__getitem__, numbers)),
        bytes=array("Q", map(offsets.__getitem__, numbers)),
    )
    line_ends = len(texts) - 1 if chunk.spans is None else data.count(b"\n")
    return Checked(rows, rejects, untimed, len(data), line_ends, xxhash.xxh3_128_digest(data))


def records(data: bytes, chunk: Chunk) -> Iterator[tuple[int, int, bytes]]:
    """Every record, blank ones too: its line in the chunk, its byte in the input, its text."""
    texts, lines, offsets = _records(data, chunk)
    return zip(lines, offsets, texts, strict=True)


def _records(data: bytes, chunk: Chunk) -> tuple[list[bytes], Sequence[int], Sequence[int]]:
    """The records' texts, and for each its line in the chunk and its byte in the input."""
    if chunk.spans is None:
        texts = data.split(b"\n")
        # A record begins after the records before it and their line ends.
        before = itertools.accumulate(map(len, texts), initial=chunk.first_byte)
        offsets = array("Q", map(operator.add, before, range(len(texts))))
        return texts, range(len(texts)), offsets
    lines = array("Q")
    line = seen = 0
    for start, _ in chunk.spans:
        line += data.count(b"\n", seen, start)
        seen = start
        lines.append(line)
    offsets = array("Q", (chunk.first_byte + start for start, _ in chunk.spans))
    return [data[start:end] for start, end in chunk.spans], lines, offsets


def _strict_examination() -> Callable[[bytes], tuple[str, int | None]]:
    """What `check` asks about each statement where the whole specification must hold."""
    from loader.xapi import violations  # the models take their time to build

    def examined(text: bytes) -> tuple[str, int | None]:
        found = examine_usual(text) or examine(text)
        broken = violations(text)
        if broken:
            more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
            raise Rejection(Reason.VIOLATES_SPECIFICATION, f"{broken[0]}{more}")
        return found

    return examined


def examine_record(text: bytes) -> tuple[str, int | None]:
    """The id and the time of a record (see `examine`), which is not larger than allowed."""
    if len(text) > MAX_STATEMENT_BYTES:
        limit = MAX_STATEMENT_BYTES // 1024**2
        raise Rejection(Reason.TOO_LARGE, f"more than the limit of {limit} MiB")
    return examine(text)


# The columns of a block, in the order it is written (ClickHouse's Native format).
BLOCK_COLUMNS = ("event_id", "emission_time", "source", "load_id", "event")
_numbers = itertools.count()


def write_block(job: Job, ids: bytes, times: array[int], texts: list[bytes]) -> tuple[Path, int]:
    """Write rows as one block; the file, and where in it the texts begin."""
    count = len(times)
    source = job.source.encode(errors="surrogateescape")
    head = b"".join(
        (
            varint(len(BLOCK_COLUMNS)) + varint(count),
            _column(b"event_id", b"UUID") + _uuids(ids),
            _column(b"emission_time", b"DateTime64(6, 'UTC')") + times.tobytes(),
            _column(b"source", b"String") + (varint(len(source)) + source) * count,
            _column(b"load_id", b"UUID") + _uuids(job.load_id.bytes) * count,
            _column(b"event", b"String"),
        )
    )
    prefix = _VARINTS.__getitem__ if max(map(len, texts)) < _SHORT else varint
    pieces = [head, *(piece for text in texts for piece in (prefix(len(text)), text))]
    path = job.folder / f"{os.getpid()}-{next(_numbers)}.native"
    with path.open("wb") as file:
        file.write(b"".join(pieces))
    return path, len(head)


def _column(name: bytes, kind: bytes) -> bytes:
    return varint(len(name)) + name + varint(len(kind)) + kind


def _uuids(ids: bytes) -> bytes:
    """Ids as the engine stores them: two halves, each with its lowest byte first."""
    halves = array("Q", ids)
    halves.byteswap()
    return halves.tobytes()


def varint(number: int) -> bytes:
    """A length as ClickHouse's Native format writes it (LEB128)."""
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def texts_of(block: bytes | mmap.mmap, start: int, count: int) -> list[slice]:
    """Where the texts of a block stand, from where they begin."""
    found = []
    for _ in range(count):
        length = shift = 0
        while (byte := block[start]) > 127:
            length |= (byte & 127) << shift
            shift += 7
            start += 1
        length |= byte << shift
        start += 1
        found.append(slice(start, start + length))
        start += length
    return found


_SHORT = 1 << 14
_VARINTS = [varint(number) for number in range(_SHORT)]
