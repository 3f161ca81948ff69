"""From the bytes of a file to blocks that can land, and verdicts on what cannot.

This runs in worker processes: it knows neither the engine nor the command line. The
statements themselves never pass through the process that coordinates the work: a
worker reads its stretch of the file and writes a block the engine can take as it is.
"""

from __future__ import annotations

import itertools
import mmap
import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from uuid import UUID

import xxhash
import zstandard

from loader import __version__
from loader.chunks import Chunk, Reject, records_of
from loader.envelope import Reason, Rejection
from loader.limits import KEPT_OF_TOO_LARGE, PARSER_NESTING, Limits
from loader.usual import Usual, examine_usual
from loader.verdicts import verdicts_on


@dataclass(frozen=True)
class Job:
    """What holds for every chunk of a load."""

    load_id: UUID
    source: str
    loaded_at: int  # microseconds since 1970: the time of statements that tell none
    folder: Path  # where blocks are written
    limits: Limits = field(default_factory=Limits)
    strict: bool = False  # whether the whole specification must hold, not the envelope alone
    known: frozenset[int] = frozenset()  # content hashes of chunks whose verdicts are known


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
    first_byte: int = 0
    content_hash: int = 0
    is_known: bool = False  # there are neither rows nor rejects then: its verdicts are known


def check(chunk: Chunk, job: Job) -> Checked:
    """Every record of a chunk as a row or a reject; blank lines are not records."""
    data = chunk.read()
    digest = xxhash.xxh3_128_digest(data)
    content = content_hash(digest, chunk, job)
    if content in job.known:
        return known_chunk(chunk.first_byte, chunk.size, content, digest)
    found = records_of(data, chunk)
    lines, offsets, rejects = found.lines, found.offsets, found.rejects
    texts = list(map(bytes.strip, found.texts))
    if texts and not texts[-1]:
        texts.pop()  # after the last line end
    numbers: Sequence[int] = range(len(texts))
    if not all(texts):
        numbers = [number for number, text in enumerate(texts) if text]
        texts = [text for text in texts if text]
    # All of a chunk at once: see docs/loading-speed.md for what a statement costs.
    usual = examine_usual(texts, _longest_usual(job))
    ids, times, untimed = usual.ids, array("q", usual.times), 0
    if usual.others:
        good = _with_others(texts, usual, job)
        rejects += [
            Reject(lines[numbers[number]], offsets[numbers[number]], reason, detail, text)
            for number, reason, detail, text in good.rejected
        ]
        numbers = [numbers[number] for number in good.numbers]
        ids, times, texts, untimed = b"".join(good.ids), good.times, good.texts, good.untimed
    block, texts_at = write_block(job, ids, times, texts) if texts else (None, 0)
    rows = Rows(
        block,
        ids,
        times,
        texts_at,
        lines=_picked(lines, numbers),
        bytes=_picked(offsets, numbers),
    )
    return Checked(
        rows, rejects, untimed, chunk.size, found.line_ends, digest, chunk.first_byte, content
    )


def _picked(values: Sequence[int], numbers: Sequence[int]) -> array[int]:
    """The values of those numbers: mostly of all, from the first on."""
    if isinstance(numbers, range):
        return array("Q", values[: len(numbers)])
    return array("Q", map(values.__getitem__, numbers))


def known_chunk(first_byte: int, size: int, content: int, digest: bytes = b"") -> Checked:
    """A chunk whose verdicts are known."""
    nothing = Rows(None, b"", array("q"), 0, array("Q"), array("Q"))
    return Checked(nothing, [], 0, size, 0, digest, first_byte, content, is_known=True)


def content_hash(digest: bytes, chunk: Chunk, job: Job) -> int:
    """What tells apart chunks that may get other verdicts: their bytes, and how they are taken.

    `digest` is of the bytes. Two chunks that have this in common have the same records, which
    pass or fail the same checks.
    """
    spans = b""
    if chunk.spans is not None:
        spans = array("Q", itertools.chain.from_iterable(chunk.spans)).tobytes()
    rules = (job.strict, job.limits, chunk.layout, chunk.are_rows, chunk.line_ends, chunk.size)
    taken = f"{__version__} {chunk.spans is None} {rules}".encode()
    return xxhash.xxh3_128_intdigest(digest + xxhash.xxh3_128_digest(spans) + taken)


def _longest_usual(job: Job) -> int:
    """The bytes of a statement for which the envelope is all that there is to examine."""
    needs_more = job.strict or job.limits.nesting < PARSER_NESTING
    return 0 if needs_more else job.limits.statement_bytes


@dataclass
class _Good:
    """Statements that may land, as columns, and what was rejected among them."""

    numbers: list[int] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    times: array[int] = field(default_factory=lambda: array("q"))
    texts: list[bytes] = field(default_factory=list)
    untimed: int = 0
    rejected: list[tuple[int, Reason, str, bytes]] = field(default_factory=list)

    def add(self, number: int, identifier: bytes, time: int, text: bytes) -> None:
        self.numbers.append(number)
        self.ids.append(identifier)
        self.times.append(time)
        self.texts.append(text)


def _with_others(texts: Sequence[bytes], usual: Usual, job: Job) -> _Good:
    """All texts in their order: the usual ones as they are, the others looked at one by one."""
    good = _Good()
    others = set(usual.others)
    row = 0
    for number, text in enumerate(texts):
        if number not in others:
            good.add(number, usual.ids[row * 16 : row * 16 + 16], usual.times[row], text)
            row += 1
            continue
        for inner, verdict in verdicts_on(text, job.limits, job.strict):
            if isinstance(verdict, Rejection):
                kept = inner[:KEPT_OF_TOO_LARGE] if verdict.reason is Reason.TOO_LARGE else inner
                good.rejected.append((number, verdict.reason, verdict.detail, kept))
                continue
            identifier, time = verdict
            good.untimed += time is None
            good.add(number, UUID(identifier).bytes, job.loaded_at if time is None else time, inner)
    return good


# The columns of a block, in the order it is written (ClickHouse's Native format).
BLOCK_COLUMNS = ("event_id", "emission_time", "event")
BLOCK_TYPES = "event_id UUID, emission_time DateTime64(6, 'UTC'), event String"
_numbers = itertools.count()

# Packing a block takes less time than writing and sending all of it. Statements repeat so much
# that the fastest level makes a tenth of them.
_LEVEL = -1


def write_block(job: Job, ids: bytes, times: array[int], texts: list[bytes]) -> tuple[Path, int]:
    """Write rows as one block, packed with zstd; the file, and where in it the texts begin."""
    count = len(times)
    head = b"".join(
        (
            varint(len(BLOCK_COLUMNS)) + varint(count),
            _column(b"event_id", b"UUID") + _uuids(ids),
            _column(b"emission_time", b"DateTime64(6, 'UTC')") + times.tobytes(),
            _column(b"event", b"String"),
        )
    )
    lengths = list(map(len, texts))
    prefix = _VARINTS.__getitem__ if max(lengths) < _SHORT else varint
    pieces = [head, *itertools.chain.from_iterable(zip(map(prefix, lengths), texts, strict=True))]
    path = job.folder / f"{os.getpid()}-{next(_numbers)}.native.zst"
    path.write_bytes(zstandard.ZstdCompressor(_LEVEL).compress(b"".join(pieces)))
    return path, len(head)


def unpacked(block: Path) -> mmap.mmap:
    """The content of a block. It is on disk: there may be many of them at a time."""
    with TemporaryFile(dir=block.parent) as file, block.open("rb") as packed:
        zstandard.ZstdDecompressor().copy_stream(packed, file)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


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


def texts_of(block: mmap.mmap, start: int, count: int) -> list[slice]:
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
