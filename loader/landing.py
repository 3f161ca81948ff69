"""Land checked statements exactly once, and say what became of each.

The rule (design.md, "Raw layer"): same id and same content is a duplicate, same id and
other content a conflict; of each id the first one stays.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import xxhash
import zstandard

from loader.attempts import Attempts
from loader.blocks import (
    BLOCK_COLUMNS,
    BLOCK_TYPES,
    Checked,
    Job,
    Rows,
    texts_of,
    unpacked,
    write_block,
)
from loader.clock import Clock
from loader.engine import quoted
from loader.envelope import EPOCH, MICROSECOND, Reason, same_content
from loader.known import Key, Known, keys_of, known_texts, look_up
from loader.load_chunks import (
    MOST_MOMENTS,
    TOO_MANY,
    ChunkRecord,
    LoadChunks,
    Moment,
    insert_id,
)
from loader.loads import Counts, insert_rejects, insert_settings
from loader.schema.tables import RAW
from loader.turns import Turns

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# In this process the other cores are busy: with checking, and with the other insert.
EMBEDDED_SETTINGS: dict[str, Any] = {"max_threads": 1}

_COLUMNS = ", ".join(BLOCK_COLUMNS)


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

    def add(self, part: Part) -> None:
        self.parts.append(part)

    @property
    def ids(self) -> bytes:
        return b"".join(part.checked.rows.ids for part in self.parts)


@dataclass(frozen=True)
class Run:
    """What all landings of one run of the loader share."""

    attempts: Attempts
    turns: Turns
    chunks: LoadChunks
    clock: Clock


class Landing:
    """Puts statements of one load into the raw table, over one connection."""

    def __init__(self, client: Client, job: Job, run: Run, embedded: bool) -> None:
        self._client = client
        self._job = job
        self._run = run
        self._embedded = embedded

    def land(self, batch: Batch) -> Counts:
        """Insert what is new of a batch, in order; returns what became of its records.

        Raises LoaderError when the engine refuses.
        """
        with self._run.turns.turn():
            counts = self._land(batch, self._run.clock.moment())
        for part in batch.parts:
            if part.checked.rows.block:
                part.checked.rows.block.unlink()
        return counts

    def _land(self, batch: Batch, moment: Moment) -> Counts:
        for part in batch.parts:
            _take_rejects(part)
        blocks = self._judge(batch, moment) if batch.ids else []
        has_rejects = any(part.counts.rejected or part.counts.conflicts for part in batch.parts)
        if blocks or has_rejects:
            self._write(batch, moment, {}, "begun")
        if blocks:
            self._insert(blocks, moment)
        if has_rejects:
            self._keep_rejects(batch, moment)
        rests_on = {one for part in batch.parts for one in part.rests_on}
        self._write(batch, moment, self._run.chunks.counts_at(rests_on), "landed")
        counts = Counts()
        for part in batch.parts:
            counts.add(part.counts)
        return counts

    def _judge(self, batch: Batch, moment: Moment) -> list[Path]:
        """Find what becomes of each row of a batch; the blocks of those to be inserted."""
        ids = batch.ids
        keys = keys_of(ids)
        known = self._run.attempts(lambda: look_up(self._client, ids))
        if not known and len(set(keys)) == len(keys):
            for part in batch.parts:
                part.counts.landed += len(part.checked.rows)
                if len(part.checked.rows):
                    part.rests_on.add(moment)
            return [part.checked.rows.block for part in batch.parts if part.checked.rows.block]
        rows = _BatchRows(batch)
        kept = self._verdicts(rows, keys, known, moment)
        blocks = []
        if kept:
            block, _ = write_block(
                self._job,
                b"".join(keys[row] for row in kept),
                array("q", [rows.time(row) for row in kept]),
                [rows.text(row) for row in kept],
            )
            blocks = [block]
        rows.close()
        return blocks

    def _verdicts(
        self, rows: _BatchRows, keys: Iterable[Key], known: dict[Key, Known], moment: Moment
    ) -> list[int]:
        """Count each row in its part; returns those to be inserted."""
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
                self._compare(rows, row, rows.text(first[key]))
        differ = {rows.key(row): known[rows.key(row)] for row in differing}
        texts = self._run.attempts(lambda: known_texts(self._client, differ))
        for row in differing:
            self._compare(rows, row, texts.get(rows.key(row)))
        return kept

    def _compare(self, rows: _BatchRows, row: int, stored: bytes | None) -> None:
        """Whether a row says the same as the statement that has its id."""
        part, text = rows.part(row), rows.text(row)
        if stored is not None and same_content(text, stored):
            part.counts.duplicates += 1
            return
        part.counts.conflicts += 1
        detail = f"{UUID(bytes=rows.key(row))} has landed before with other content"
        part.rejects.append([*rows.place(row), Reason.ID_CONFLICT.value, detail, text])

    def _insert(self, blocks: list[Path], moment: Moment) -> None:
        """Blocks as `check` wrote them, in one insert; the rest of a row is the same for all."""
        job = self._job
        columns = f"{_COLUMNS}, source, load_id, received_at"
        values = (
            f"{_COLUMNS}, {quoted(job.source)}, toUUID('{job.load_id}'), "
            f"fromUnixTimestamp64Micro({moment}, 'UTC')"
        )
        name = insert_id(job.load_id, moment)
        # Their keys differ, so the engine need not look for equal ones.
        settings = insert_settings(name) | {"optimize_on_insert": 0}
        into = f"INSERT INTO {RAW}.xapi_events_all ({columns})"
        if self._embedded:
            # The engine is in this process and reads the files itself.
            written = ", ".join(
                f"{key} = {quoted(value) if isinstance(value, str) else value}"
                for key, value in (settings | EMBEDDED_SETTINGS).items()
            )
            files = f"{job.folder}/{{{','.join(block.name for block in blocks)}}}"
            sql = (
                f"{into} SETTINGS {written} SELECT {values} "
                f"FROM file({quoted(files)}, 'Native', {quoted(BLOCK_TYPES)}, 'zstd')"
            )
            self._run.attempts(lambda: self._client.command(sql))
            return
        head = f"{into} SELECT {values} FROM input({quoted(BLOCK_TYPES)}) FORMAT Native\n".encode()
        self._run.attempts(
            lambda: self._client.raw_insert(
                "",
                insert_block=_content(head, blocks),
                settings=settings | {"query_id": name},
                compression="zstd",
            )
        )

    def _keep_rejects(self, batch: Batch, moment: Moment) -> None:
        job, rejects = self._job, [one for part in batch.parts for one in part.rejects]
        if rejects:
            self._run.attempts(
                lambda: insert_rejects(
                    self._client, job.load_id, job.source, EPOCH + moment * MICROSECOND, rejects
                )
            )
        for part in batch.parts:
            if part.known and part.known.did_not_land:
                to = _record(part, job, moment, ())
                self._run.chunks.copy_rejects(part.known, to, job.source, self._client)

    def _write(self, batch: Batch, moment: Moment, counts: dict[Moment, int], state: str) -> None:
        records = [
            _record(part, self._job, moment, _pairs(part.rests_on, counts)) for part in batch.parts
        ]
        if state == "begun":
            records = [replace(record, counts=Counts(), rests_on=()) for record in records]
        self._run.chunks.write(records, self._job.source, state)


def _take_rejects(part: Part) -> None:
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


def _pairs(moments: Iterable[Moment], counts: dict[Moment, int]) -> tuple[tuple[Moment, int], ...]:
    pairs = [(moment, counts.get(moment, 0)) for moment in sorted(moments)]
    return tuple(pairs) if len(pairs) <= MOST_MOMENTS else (*pairs[-1:], TOO_MANY)


def _record(
    part: Part, job: Job, moment: Moment, rests_on: Sequence[tuple[Moment, int]]
) -> ChunkRecord:
    checked = part.checked
    return ChunkRecord(
        job.load_id,
        checked.first_byte,
        moment,
        checked.content_hash,
        part.first_line,
        checked.size,
        part.known.line_ends if part.known else checked.line_ends,
        part.counts,
        part.known.untimed if part.known else checked.untimed,
        tuple(rests_on),
    )


class _BatchRows:
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


def _content(head: bytes, blocks: list[Path]) -> Generator[bytes, None, None]:
    yield zstandard.compress(head)
    for block in blocks:
        with block.open("rb") as file:
            while piece := file.read(1024 * 1024):
                yield piece
