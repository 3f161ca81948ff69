"""From the bytes of a file to blocks that can land, and verdicts on what cannot.

This runs in threads or in worker processes: it knows neither the engine nor the command
line. Whoever checks a chunk reads its stretch of the file and writes a block the engine
can take as it is.
"""

from __future__ import annotations

import itertools
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import xxhash

from loader import __version__
from loader.block_files import write_block
from loader.chunks import Chunk, Reject, records_of
from loader.envelope import Reason, Rejection
from loader.lazy_numpy import numpy
from loader.limits import KEPT_OF_TOO_LARGE, PARSER_NESTING, Limits
from loader.scanner import OTHER, USUAL, Scanned, Texts, scan
from loader.verdicts import verdicts_on

if TYPE_CHECKING:
    from numpy import int64, uint8
    from numpy.typing import NDArray

# Unusual records of a chunk: to look at more of them would hold up other threads for long.
_MOST_OTHERS = 256


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
    checked = _check(chunk, job, sys.maxsize)
    assert checked
    return checked


def check_quickly(chunk: Chunk, job: Job) -> Checked | None:
    """The same, by code that other threads of this process can run beside.

    None if too much of the chunk would have to be looked at by Python.
    """
    return _check(chunk, job, _MOST_OTHERS)


def _check(chunk: Chunk, job: Job, most_others: int) -> Checked | None:
    np = numpy()
    data = chunk.read()
    digest = xxhash.xxh3_128_digest(data)
    content = content_hash(digest, chunk, job)
    if content in job.known:
        return known_chunk(chunk.first_byte, chunk.size, content, digest)
    longest = _longest_usual(job)
    if not longest and most_others < sys.maxsize:
        return None  # Python has to look at every record
    found = records_of(data, chunk)
    scanned = scan(found.texts, longest)
    others = np.flatnonzero(scanned.kinds == OTHER)
    if len(others) > most_others:
        return None
    good = _good(scanned, others, job)
    block, texts_at = None, 0
    if len(good.numbers):
        block, texts_at = write_block(job.folder, good.ids, good.times, good.texts)
    rows = Rows(
        block,
        good.ids.tobytes(),
        array("q", good.times.tobytes()),
        texts_at,
        lines=_picked(found.lines, good.numbers),
        bytes=_picked(found.offsets, good.numbers),
    )
    rejects = found.rejects + [
        Reject(found.lines[number], found.offsets[number], reason, detail, text)
        for number, reason, detail, text in good.rejected
    ]
    return Checked(
        rows, rejects, good.untimed, chunk.size, found.line_ends, digest, chunk.first_byte, content
    )


def _picked(values: Sequence[int], numbers: NDArray[int64]) -> array[int]:
    """The values of those numbers; a range is one of all numbers, from 0 on."""
    np = numpy()
    picked = numbers if isinstance(values, range) else np.asarray(values)[numbers]
    return array("Q", picked.astype(np.uint64).tobytes())


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
    """Statements that may land, as columns in their order, and what was rejected."""

    numbers: NDArray[int64]  # of their records
    ids: NDArray[uint8]
    times: NDArray[int64]
    texts: Texts
    untimed: int
    rejected: list[tuple[int, Reason, str, bytes]]


def _good(scanned: Scanned, others: NDArray[int64], job: Job) -> _Good:
    """The usual statements as they are, and the others after they were looked at one by one.

    Those of them that are statements as they stand become usual ones in `scanned`.
    """
    np = numpy()
    rejected: list[tuple[int, Reason, str, bytes]] = []
    found: list[tuple[int, str, int, bytes]] = []
    untimed = 0
    for number in others.tolist():
        text = scanned.texts[number]
        for inner, verdict in verdicts_on(text, job.limits, job.strict):
            if isinstance(verdict, Rejection):
                kept = inner[:KEPT_OF_TOO_LARGE] if verdict.reason is Reason.TOO_LARGE else inner
                rejected.append((number, verdict.reason, verdict.detail, kept))
                continue
            identifier, time = verdict
            untimed += time is None
            time = job.loaded_at if time is None else time
            if inner is text:  # it can stay where it is
                scanned.kinds[number], scanned.times[number] = USUAL, time
                scanned.ids[number] = list(UUID(identifier).bytes)
            else:
                found.append((number, identifier, time, inner))
    usual = np.flatnonzero(scanned.kinds == USUAL)
    ids, times, texts = scanned.ids[usual], scanned.times[usual], scanned.texts.only(usual)
    if not found:
        return _Good(usual, ids, times, texts, untimed, rejected)
    their_numbers, their_ids, their_times, their_texts = zip(*found, strict=True)
    numbers = np.concatenate([usual, np.array(their_numbers)])
    order = np.argsort(numbers, kind="stable")
    packed = np.frombuffer(b"".join(UUID(one).bytes for one in their_ids), np.uint8)
    return _Good(
        numbers[order],
        np.concatenate([ids, packed.reshape(-1, 16)])[order],
        np.concatenate([times, np.array(their_times, np.int64)])[order],
        texts.followed_by(their_texts).only(order),
        untimed,
        rejected,
    )
