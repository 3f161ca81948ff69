"""`loader ingest`: files in, verdicts out. Reading, checking and landing overlap."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import xxhash

from loader.attempts import Attempts
from loader.blocks import Checked, Job, check, check_quickly, content_hash, known_chunk
from loader.checkers import Checkers
from loader.chunks import Chunk
from loader.clock import Clock
from loader.engine import is_embedded
from loader.envelope import EPOCH, MICROSECOND
from loader.judging import Batch, Part
from loader.landing import Landing, Run
from loader.load_chunks import ChunkRecord, History, LoadChunks, Place
from loader.loads import Counts, Load, finish_load
from loader.mending import mend
from loader.merges import PutOff
from loader.patience import Patience
from loader.pipeline import CheckedInput, checked_inputs
from loader.progress import Progress, Show, show_nothing
from loader.reading import AS_IT_COMES, Input, PassedOver, Reading, Source
from loader.reading.inputs import CHUNK_BYTES
from loader.turns import Turns

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Inserts under way at a time: they wait for the disk as much as for the processor.
CONNECTIONS = 3

# One insert: the engine likes 64 to 256 MB. The first are smaller, so that it begins early.
FIRST_BATCH_BYTES = 16 * CHUNK_BYTES
BATCH_BYTES = 32 * CHUNK_BYTES
BATCH_RECORDS = 256 * 1024  # of very short ones, which cost memory by their number
BATCH_REJECTS = 16 * 1024  # which are kept in memory whole
BATCH_REJECT_BYTES = CHUNK_BYTES

_USUAL = Patience()


def ingest(
    clients: Sequence[Client],
    sources: Sequence[Source],
    workers: Checkers,
    reading: Reading = AS_IT_COMES,
    show: Show = show_nothing,
    *,
    strict: bool = False,
    tell: Callable[[str], None] = lambda _sentence: None,
    patience: Patience = _USUAL,
) -> Iterator[Load | PassedOver]:
    """Land sources, in their order; a row in `xapi.loads` is written last for each input.

    Several are read at once. As many inserts are under way at a time as there are
    `clients`; embedded, each needs a connection of its own. With `strict`, statements must
    follow the whole specification and not the envelope alone. `tell` gets a sentence
    whenever the engine or another loader has to be waited for. Gives what became of the
    records of each input; an archive has several. Raises LoaderError when one cannot be
    read or the engine refuses; what landed before stays, and the same command again goes on
    after it.
    """
    attempts = Attempts(patience, tell)
    with (
        TemporaryDirectory(prefix="loader-") as folder,
        closing(Turns(clients[0], attempts, tell)) as turns,
        PutOff(clients[0]) if is_embedded(clients[0]) else nullcontext() as merges,
    ):
        chunks = LoadChunks(clients[0], attempts, turns)
        turns.at_each = partial(mend, clients[0], attempts)
        run = Run(attempts, turns, chunks, Clock(clients[0], attempts), merges)
        histories: dict[UUID, History] = {}
        # The engine inside this process must not be left while a thread asks it.
        asking, is_over = Lock(), Event()

        def job_of(opened: Input, first: Chunk | None) -> Job:
            history, now = History(), datetime.now(timezone.utc)
            job = Job(uuid4(), opened.name, 0, Path(folder), reading.limits, strict)
            if first:
                content = content_hash(xxhash.xxh3_128_digest(first.read()), first, job)
                with asking:
                    if not is_over.is_set():
                        history = chunks.history(opened.name, (first.first_byte, content))
            started_at = history.started_at or now
            job = replace(
                job,
                load_id=history.load_id or job.load_id,
                loaded_at=(started_at - EPOCH) // MICROSECOND,
                known=history.content_hashes,
            )
            histories[job.load_id] = history
            return job

        def known_of(opened: Input, job: Job) -> list[Checked] | None:
            history = histories[job.load_id]
            if not history.whole or not opened.is_packed_as(history.whole.packed_hash):
                history.whole = None
                return None
            return [
                known_chunk(record.first_byte, record.size, record.content_hash)
                for record in history.whole.records
            ]

        try:
            for found in checked_inputs(
                sources, reading, workers, check, job_of, known_of, check_quickly
            ):
                if isinstance(found, PassedOver):
                    yield found
                else:
                    history = histories.pop(found.job.load_id)
                    progress = show(found.opened.name, found.opened.size)
                    yield _land(clients, found, history, run, progress)
        finally:
            is_over.set()
            if is_embedded(clients[0]):
                with asking:
                    pass


def _land(
    clients: Sequence[Client],
    found: CheckedInput[Job, Checked],
    history: History,
    run: Run,
    progress: Progress,
) -> Load:
    job, opened = found.job, found.opened
    load = Load(job.source, job.load_id, started_at=EPOCH + job.loaded_at * MICROSECOND)
    digest = xxhash.xxh3_128()
    embedded = is_embedded(clients[0])
    landings = [Landing(client, job, run, embedded) for client in clients]
    with _Lander(landings, load, opened.first_line, history) as lander:
        for checked in found.chunks:
            lander.take(checked)
            digest.update(checked.digest)
            load.bytes += checked.size
            progress(opened.position, load.counts.lines, load.counts.not_landed)
    progress(opened.position, load.counts.lines, load.counts.not_landed)
    run.chunks.drop_rejects(lander.vanished)
    load.grew = opened.grew
    whole = history.whole
    content, packed = (
        (whole.content_hash, whole.packed_hash)
        if whole
        else (digest.hexdigest(), opened.packed_hash)
    )
    finish_load(clients[0], load, content, run.attempts, packed)
    return load


class _Lander:
    """Lands batches while the next ones are read and checked, one on each connection.

    What a batch is compared with is what has landed before it. So a batch waits for
    those still on their way if they share an id with it, and for the oldest of them
    if every connection is taken. Where a batch ends goes by the input alone: so a load
    that goes on cuts the same ones as before.
    """

    def __init__(
        self, landings: Sequence[Landing], load: Load, first_line: int, history: History
    ) -> None:
        self._load = load
        self._history = history
        self._landed: dict[Place, ChunkRecord] = dict(history.landed)  # not met so far
        self._batch = Batch()
        self._batch_bytes = min(FIRST_BATCH_BYTES, BATCH_BYTES)
        self._next_line = first_line
        self._free = list(landings)
        self._under_way: deque[_UnderWay] = deque()
        self._pool = ThreadPoolExecutor(len(landings), thread_name_prefix="landing")

    def __enter__(self) -> _Lander:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._send_last()
                self._wait(all_of_them=True)
        finally:
            self._pool.shutdown(cancel_futures=True)

    @property
    def vanished(self) -> list[ChunkRecord]:
        """Chunks that this load had landed before and that the input no longer has."""
        return list(self._landed.values())

    def take(self, checked: Checked) -> None:
        """Hand over a chunk; waits while the engine is behind, raises what it raised."""
        place = checked.first_byte, checked.content_hash
        had = self._landed.pop(place, None)
        record = self._history.record_of(place) if checked.is_known else None
        if had and record:
            self._load.counts.add(had.counts)
        else:
            own = self._history.own_moments(checked.first_byte, checked.size)
            self._batch.add(Part(checked, self._next_line, record, own))
        line_ends = record.line_ends if record else checked.line_ends
        self._load.untimed += record.untimed if record else checked.untimed
        self._load.line_ends += line_ends
        self._next_line += line_ends
        self._batch.size += checked.size
        records = record.counts.lines if record else len(checked.rows) + len(checked.rejects)
        rejects = record.counts.rejected if record else len(checked.rejects)
        self._batch.records += records
        self._batch.rejects += rejects
        self._batch.reject_bytes += checked.size * rejects // max(records, 1)
        if (
            self._batch.size >= self._batch_bytes
            or self._batch.records >= BATCH_RECORDS
            or self._batch.rejects >= BATCH_REJECTS
            or self._batch.reject_bytes >= BATCH_REJECT_BYTES
        ):
            self._send()
            self._batch_bytes = min(2 * self._batch_bytes, BATCH_BYTES)

    def _send_last(self) -> None:
        """What is left, as two inserts if it is much: nothing else is done beside it."""
        parts = self._batch.parts
        middle = len(parts) // 2 if self._batch.size > FIRST_BATCH_BYTES // 2 else 0
        for half in (parts[:middle], parts[middle:]):
            self._batch = Batch(half)
            self._send()

    def _send(self) -> None:
        batch, self._batch = self._batch, Batch()
        if not batch.parts:
            return
        if any(batch.shares(other.batch) for other in self._under_way):
            self._wait(all_of_them=True)
        if not self._free:
            self._wait()
        landing = self._free.pop()
        self._under_way.append(_UnderWay(self._pool.submit(landing.land, batch), batch, landing))

    def _wait(self, all_of_them: bool = False) -> None:
        while self._under_way:
            oldest = self._under_way.popleft()
            self._load.counts.add(oldest.future.result())
            self._free.append(oldest.landing)
            if not all_of_them:
                return


@dataclass(frozen=True)
class _UnderWay:
    future: Future[Counts]
    batch: Batch
    landing: Landing
