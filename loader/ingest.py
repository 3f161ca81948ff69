"""`loader ingest`: files in, verdicts out. Reading, checking and landing overlap."""

from __future__ import annotations

import os
import queue
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from multiprocessing import get_context
from typing import TYPE_CHECKING

import xxhash

from loader import __version__
from loader.blocks import Checked, Chunk, check
from loader.envelope import EPOCH, MICROSECOND
from loader.errors import LoaderError
from loader.landing import INSERT_SETTINGS, Counts, Landing
from loader.reading import CHUNK_BYTES, Input, Source, chunks
from loader.schema.tables import RAW
from loader.engine import engine_errors

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# One insert: the engine likes 64 to 256 MB, our memory likes less.
BATCH_BYTES = 8 * CHUNK_BYTES

Progress = Callable[[int, int], None]
"""Told bytes of the stored file consumed and records judged so far."""


@dataclass
class Load:
    """What became of one source; `counts.lines` is the number of its records."""

    source: str
    load_id: uuid.UUID = field(default_factory=uuid.uuid4)
    counts: Counts = field(default_factory=Counts)
    untimed: int = 0  # statements that tell no time: they got the time of loading
    bytes: int = 0  # of content, after decompression
    started_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    finished_at: datetime | None = None

    @property
    def seconds(self) -> float:
        end = self.finished_at or datetime.now(timezone.utc)
        return (end - self.started_at).total_seconds()


class Checkers:
    """Runs `check` beside the landing: in worker processes, in order.

    The first chunk of a source is checked here, so that small files start no processes.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or min(4, os.cpu_count() or 1)
        self._pool: ProcessPoolExecutor | None = None

    def checked(self, source: Iterator[Chunk], loaded_at: int) -> Iterator[Checked]:
        """The chunks of a source, checked, in their order."""
        first = next(source, None)
        if first is None:
            return
        second = next(source, None)
        if second is None:
            yield check(first, loaded_at)
            return
        pool = self._start()
        ahead: deque[Future[Checked]] = deque(
            pool.submit(check, chunk, loaded_at) for chunk in (first, second)
        )
        try:
            for chunk in source:
                ahead.append(pool.submit(check, chunk, loaded_at))
                if len(ahead) > self._workers + 1:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool as error:
            self._pool = None
            raise LoaderError(
                "A worker process died (out of memory?). What has landed stays; "
                "run the same command again."
            ) from error

    def _start(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Not fork: the engine and the progress display have threads in this process.
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
        return self._pool

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


@contextmanager
def checkers(workers: int | None = None) -> Iterator[Checkers]:
    """Checkers whose processes end with the block."""
    opened = Checkers(workers)
    try:
        yield opened
    finally:
        opened.close()


def ingest_source(
    client: Client,
    source: Source,
    workers: Checkers,
    progress: Progress = lambda _bytes, _records: None,
) -> Load:
    """Land one source and write its row in `xapi.loads`, last.

    Returns what became of its records. Raises LoaderError when the source cannot be
    read or the engine refuses; what landed before stays, and the same command again
    finds it as duplicates.
    """
    load = Load(source.name)
    landing = Landing(client, load.load_id, source.name)
    opened = Input(source)
    digest = xxhash.xxh3_128()

    def hashed() -> Iterator[Chunk]:
        for chunk in chunks(opened):
            digest.update(chunk.data)
            load.bytes += len(chunk.data)
            yield chunk

    try:
        with _Lander(landing, load.counts) as lander:
            now = (load.started_at - EPOCH) // MICROSECOND
            for checked in workers.checked(hashed(), now):
                load.untimed += checked.untimed
                lander.take(checked)
                progress(opened.position, load.counts.lines)
    finally:
        opened.close()
    progress(opened.position, load.counts.lines)
    load.finished_at = datetime.now(timezone.utc)
    _record(client, load, digest.hexdigest())
    return load


class _Lander:
    """A thread that lands batches while the next ones are read and checked."""

    def __init__(self, landing: Landing, counts: Counts) -> None:
        self._landing = landing
        self._counts = counts
        self._batch: list[Checked] = []
        self._queue: queue.Queue[list[Checked] | None] = queue.Queue(maxsize=1)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="landing", daemon=True)

    def __enter__(self) -> _Lander:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._batch:
            self._queue.put(self._batch)
        self._queue.put(None)
        self._thread.join()
        if kind is None and self._failure:
            raise self._failure

    def take(self, checked: Checked) -> None:
        """Hand over a chunk; waits while the engine is behind, raises what it raised."""
        if self._failure:
            raise self._failure
        self._batch.append(checked)
        if sum(one.size for one in self._batch) >= BATCH_BYTES:
            self._queue.put(self._batch)
            self._batch = []

    def _run(self) -> None:
        while (batch := self._queue.get()) is not None:
            if self._failure:
                continue
            try:
                self._counts.add(self._landing.land(batch))
            except BaseException as error:  # noqa: BLE001  # handed to the caller's thread
                self._failure = error


def _record(client: Client, load: Load, content_hash: str) -> None:
    counts = load.counts
    row = {
        "load_id": load.load_id,
        "source": load.source,
        "content_hash": content_hash,
        "bytes": load.bytes,
        "lines": counts.lines,
        "landed": counts.landed,
        "duplicates": counts.duplicates,
        "conflicts": counts.conflicts,
        "rejected": counts.rejected,
        "started_at": load.started_at,
        "finished_at": load.finished_at,
        "loader_version": __version__,
    }
    with engine_errors():
        client.insert(
            f"{RAW}.loads",
            [list(row.values())],
            column_names=list(row),
            settings=INSERT_SETTINGS,
        )
