"""Land batches of checked statements exactly once, whatever happens on the way.

The order of the steps is what docs/decisions/0003 rests on: begun, statements, rejects, landed.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zstandard

from loader.attempts import Attempts
from loader.block_files import BLOCK_COLUMNS, BLOCK_TYPES, write_block
from loader.blocks import Job
from loader.clock import Clock
from loader.engine import quoted
from loader.envelope import EPOCH, MICROSECOND
from loader.judging import Batch, BatchRows, Part, judge, take_rejects
from loader.known import Key, Known, known_texts, look_up
from loader.lazy_numpy import numpy
from loader.load_chunks import (
    MOST_MOMENTS,
    TOO_MANY,
    ChunkRecord,
    LoadChunks,
    Moment,
    insert_id,
)
from loader.loads import Counts, insert_rejects, insert_settings
from loader.merges import PutOff
from loader.scanner import Texts
from loader.schema.tables import RAW
from loader.turns import Turns

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# In this process the other cores are busy: with checking, and with the other insert.
EMBEDDED_SETTINGS: dict[str, Any] = {"max_threads": 1}

_COLUMNS = ", ".join(BLOCK_COLUMNS)


@dataclass(frozen=True)
class Run:
    """What all landings of one run of the loader share."""

    attempts: Attempts
    turns: Turns
    chunks: LoadChunks
    clock: Clock
    merges: PutOff | None = None  # of an embedded engine


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
            take_rejects(part)
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
        known = self._run.attempts(lambda: look_up(self._client, batch.ids))
        if not known and not batch.repeats:
            for part in batch.parts:
                part.counts.landed += len(part.checked.rows)
                if len(part.checked.rows):
                    part.rests_on.add(moment)
            return [part.checked.rows.block for part in batch.parts if part.checked.rows.block]
        rows, keys = BatchRows(batch), batch.keys
        kept = judge(rows, keys, known, moment, self._texts)
        blocks = []
        if kept:
            np = numpy()
            block, _ = write_block(
                self._job.folder,
                np.frombuffer(b"".join(keys[row] for row in kept), np.uint8),
                np.array([rows.time(row) for row in kept], np.int64),
                Texts.of([rows.text(row) for row in kept]),
            )
            blocks = [block]
        rows.close()
        return blocks

    def _texts(self, wanted: Mapping[Key, Known]) -> Mapping[Key, bytes]:
        return self._run.attempts(lambda: known_texts(self._client, wanted))

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
            if self._run.merges:
                self._run.merges.inserted(self._client)
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


def _pairs(moments: Set[Moment], counts: dict[Moment, int]) -> tuple[tuple[Moment, int], ...]:
    pairs = [(moment, counts.get(moment, 0)) for moment in sorted(moments)]
    are_told = len(pairs) <= MOST_MOMENTS and TOO_MANY[0] not in moments
    return tuple(pairs) if are_told else (*pairs[-1:], TOO_MANY)


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


def _content(head: bytes, blocks: list[Path]) -> Generator[bytes, None, None]:
    yield zstandard.compress(head)
    for block in blocks:
        with block.open("rb") as file:
            while piece := file.read(1024 * 1024):
                yield piece
