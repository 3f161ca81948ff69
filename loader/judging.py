"""What becomes of each record of a batch: landed, duplicate, conflict or rejected.

The rule (xAPI 1.0.3 part 3, 2.1.1, "statement immutability"): same id and same content is a
duplicate, same id and other content a conflict; of each id the first one stays.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import xxhash

from loader.block_files import texts_of, unpacked
from loader.blocks import Checked, Rows
from loader.envelope import Reason, same_content
from loader.known import Key, Known, keys_of
from loader.lazy_numpy import numpy
from loader.load_chunks import ChunkRecord, Moment
from loader.loads import Counts

if TYPE_CHECKING:
    from numpy import uint64
    from numpy.typing import NDArray


_ODD = 0x9E3779B97F4A7C15  # so that all bits of an id count


@dataclass
class Part:
    """A chunk of a batch, and the line of the input at which it begins (from 1)."""

    checked: Checked
    first_line: int
    known: ChunkRecord | None = None  # its verdicts, in a load that had the same chunk
    own: frozenset[Moment] = frozenset()  # when this load may have landed some of it before
    counts: Counts = field(default_factory=Counts)
    rests_on: set[Moment] = field(default_factory=set)  # when its statements landed
    rejects: list[list[Any]] = field(default_factory=list)


@dataclass
class Batch:
    """Chunks that land in one insert."""

    parts: list[Part] = field(default_factory=list)
    size: int = 0  # bytes of input, with those that had landed before
    records: int = 0  # likewise
    rejects: int = 0  # likewise
    reject_bytes: int = 0  # of input, about, likewise

    def add(self, part: Part) -> None:
        self.parts.append(part)

    # Of a batch to which nothing is added any more:

    @cached_property
    def ids(self) -> bytes:
        return b"".join(part.checked.rows.ids for part in self.parts)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        return keys_of(self.ids)

    @cached_property
    def mixed(self) -> NDArray[uint64]:
        """A number for each id, in order: ids differ for certain where these do."""
        np = numpy()
        halves = np.frombuffer(self.ids, np.uint64).reshape(-1, 2)
        mixed: NDArray[uint64] = halves[:, 0] * _ODD + halves[:, 1]
        mixed.sort()
        return mixed

    @property
    def repeats(self) -> bool:
        """Whether an id is there twice."""
        differ = bool((self.mixed[1:] != self.mixed[:-1]).all())
        return not differ and len(set(self.keys)) < len(self.keys)

    def shares(self, other: Batch) -> bool:
        """Whether an id is in both."""
        if not self.ids or not other.ids:
            return False
        np = numpy()
        places = np.searchsorted(other.mixed, self.mixed)
        found = other.mixed[np.minimum(places, len(other.mixed) - 1)]
        differ = bool((found != self.mixed).all())
        return not differ and not set(self.keys).isdisjoint(other.keys)


class BatchRows:
    """The rows of a batch by their number, their texts read from the blocks."""

    def __init__(self, batch: Batch) -> None:
        self._parts: list[tuple[Rows, Part, mmap.mmap, list[slice]]] = []
        self._where: list[tuple[int, int]] = []
        for one in batch.parts:
            rows = one.checked.rows
            if rows.block is None:
                continue
            content = unpacked(rows.block)
            part = len(self._parts)
            texts = texts_of(content, rows.texts_at, len(rows))
            self._parts.append((rows, one, content, texts))
            self._where += [(part, row) for row in range(len(rows))]

    def key(self, number: int) -> Key:
        part, row = self._where[number]
        return self._parts[part][0].ids[row * 16 : row * 16 + 16]

    def time(self, number: int) -> int:
        part, row = self._where[number]
        return self._parts[part][0].times[row]

    def text(self, number: int) -> bytes:
        part, row = self._where[number]
        _, _, content, texts = self._parts[part]
        return content[texts[row]]

    def place(self, number: int) -> tuple[int, int]:
        """Line from 1 and byte from 0 in the input."""
        part, row = self._where[number]
        rows, one, _, _ = self._parts[part]
        return one.first_line + rows.lines[row], rows.bytes[row]

    def part(self, number: int) -> Part:
        return self._parts[self._where[number][0]][1]

    def close(self) -> None:
        for _, _, content, _ in self._parts:
            content.close()


def take_rejects(part: Part) -> None:
    """What is known of a chunk without asking what has landed."""
    if part.known:
        counts = part.known.counts
        part.counts = Counts(
            0, counts.landed + counts.duplicates, counts.conflicts, counts.rejected
        )
        part.rests_on = {moment for moment, _ in part.known.rests_on}
        return
    part.rejects = [
        [part.first_line + one.line, one.byte, one.reason.value, one.detail, one.raw]
        for one in part.checked.rejects
    ]
    part.counts = Counts(rejected=len(part.rejects))


def judge(
    rows: BatchRows,
    keys: Iterable[Key],
    known: Mapping[Key, Known],
    moment: Moment,
    texts_of_known: Callable[[Mapping[Key, Known]], Mapping[Key, bytes]],
) -> list[int]:
    """Count each row in its part; returns those to be inserted, which land at `moment`.

    `known` is what has landed of these ids; `texts_of_known` gives the texts of some of it.
    """
    kept: list[int] = []
    first: dict[Key, int] = {}  # rows of this batch that land, by id
    differing: list[int] = []
    for row, key in enumerate(keys):
        part, landed = rows.part(row), known.get(key)
        part.rests_on.add(landed.received_at if landed else moment)
        if landed is not None:
            if xxhash.xxh64_intdigest(rows.text(row)) != landed.content_hash:
                differing.append(row)
            elif key not in first and landed.received_at in part.own:
                # This load has landed it itself, before it was cut short.
                first[key] = row
                part.counts.landed += 1
            else:
                part.counts.duplicates += 1
        elif key not in first:
            first[key] = row
            kept.append(row)
            part.counts.landed += 1
        else:
            _compare(rows, row, rows.text(first[key]))
    texts = texts_of_known({rows.key(row): known[rows.key(row)] for row in differing})
    for row in differing:
        _compare(rows, row, texts.get(rows.key(row)))
    return kept


def _compare(rows: BatchRows, row: int, stored: bytes | None) -> None:
    """Whether a row says the same as the statement that has its id."""
    part, text = rows.part(row), rows.text(row)
    if stored is not None and same_content(text, stored):
        part.counts.duplicates += 1
        return
    part.counts.conflicts += 1
    detail = f"{UUID(bytes=rows.key(row))} has landed before with other content"
    part.rejects.append([*rows.place(row), Reason.ID_CONFLICT.value, detail, text])
