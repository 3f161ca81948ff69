"""`loader ingest`: files in, verdicts out. Reading, checking and landing overlap."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import xxhash

from loader.blocks import Checked, Chunk, Job, check
from loader.envelope import EPOCH, MICROSECOND
from loader.errors import LoaderError
from loader.landing import Batch, Key, Landing, keys_of
from loader.loads import Counts, Load, Progress, finish_load
from loader.reading import CHUNK_BYTES, Input, Source

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# One insert: the engine likes 64 to 256 MB. The first are smaller, so that it begins early.
FIRST_BATCH_BYTES = 4 * CHUNK_BYTES
BATCH_BYTES = 32 * CHUNK_BYTES


class Checkers:
    """Runs `check` beside the landing: in worker processes, in order.

    The first chunk of a source is checked here, so that small files start no processes.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or min(4, os.cpu_count() or 1)
        self._pool: ProcessPoolExecutor | None = None

    def start(self, sources: Sequence[Source]) -> None:
        """Start the processes now if these sources will need them, while others connect."""
        if any((source.size or 0) > CHUNK_BYTES for source in sources):
            self._open()

    def checked(self, source: Iterator[Chunk], job: Job) -> Iterator[Checked]:
        """The chunks of a source, checked, in their order."""
        first = next(source, None)
        if first is None:
            return
        second = next(source, None)
        if second is None:
            yield check(first, job)
            return
        ahead: deque[Future[Checked]] = deque()
        try:
            for chunk in (first, second):
                ahead.append(self._submit(chunk, job))
            for chunk in source:
                ahead.append(self._submit(chunk, job))
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

    def _submit(self, chunk: Chunk, job: Job) -> Future[Checked]:
        pool = self._pool or self._open()
        with _interrupts_for_us_alone():
            return pool.submit(check, chunk, job)

    def _open(self) -> ProcessPoolExecutor:
        # Not fork: the engine and the progress display have threads in this process.
        self._pool = ProcessPoolExecutor(
            self._workers, mp_context=get_context("spawn"), initializer=_end_with_parent
        )
        with _interrupts_for_us_alone():
            self._pool.submit(os.getpid)  # the first task starts all processes
        return self._pool

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


@contextmanager
def _interrupts_for_us_alone() -> Iterator[None]:
    """A worker that begins here inherits what is blocked: Ctrl-C is not for it."""
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _end_with_parent() -> None:
    """In a worker: end when the process that began it is gone, however it went."""
    parent = parent_process()
    if parent:

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, daemon=True).start()


@contextmanager
def checkers(workers: int | None = None) -> Iterator[Checkers]:
    """Checkers whose processes end with the block."""
    opened = Checkers(workers)
    try:
        yield opened
    finally:
        opened.close()


def ingest_source(
    clients: Sequence[Client],
    source: Source,
    workers: Checkers,
    progress: Progress = lambda _bytes, _records: None,
) -> Load:
    """Land one source and write its row in `xapi.loads`, last.

    As many inserts are under way at a time as there are `clients`; embedded, each needs
    a connection of its own. Returns what became of its records. Raises LoaderError when
    the source cannot be read or the engine refuses; what landed before stays, and the
    same command again finds it as duplicates.
    """
    load = Load(source.name)
    digest = xxhash.xxh3_128()
    opened = Input(source)
    embedded = clients[0].uri.startswith("chdb:")
    try:
        with TemporaryDirectory(prefix="loader-") as folder:
            now = (load.started_at - EPOCH) // MICROSECOND
            job = Job(load.load_id, source.name, now, Path(folder))
            landings = [Landing(client, job, embedded) for client in clients]
            with _Lander(landings, load.counts) as lander:
                for checked in workers.checked(opened.chunks(), job):
                    lander.take(checked)
                    digest.update(checked.digest)
                    load.untimed += checked.untimed
                    load.bytes += checked.size
                    progress(opened.position, load.counts.lines)
    finally:
        opened.close()
    progress(opened.position, load.counts.lines)
    finish_load(clients[0], load, digest.hexdigest())
    return load


class _Lander:
    """Lands batches while the next ones are read and checked, one on each connection.

    What a batch is compared with is what has landed before it. So a batch waits for
    those still on their way if they share an id with it, and for the oldest of them
    if every connection is taken.
    """

    def __init__(self, landings: Sequence[Landing], counts: Counts) -> None:
        self._counts = counts
        self._batch = Batch()
        self._batch_bytes = min(FIRST_BATCH_BYTES, BATCH_BYTES)
        self._next_line = 1
        self._free = list(landings)
        self._under_way: deque[_UnderWay] = deque()
        self._pool = ThreadPoolExecutor(len(landings), thread_name_prefix="landing")

    def __enter__(self) -> _Lander:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._send()
                self._wait(all_of_them=True)
        finally:
            self._pool.shutdown(cancel_futures=True)

    def take(self, checked: Checked) -> None:
        """Hand over a chunk; waits while the engine is behind, raises what it raised."""
        self._batch.add(checked, self._next_line)
        self._next_line += checked.line_ends
        if self._batch.size >= self._batch_bytes:
            self._send()
            self._batch_bytes = min(2 * self._batch_bytes, BATCH_BYTES)

    def _send(self) -> None:
        batch, self._batch = self._batch, Batch()
        keys = set(keys_of(batch.ids))
        if any(not keys.isdisjoint(other.keys) for other in self._under_way):
            self._wait(all_of_them=True)
        if not self._free:
            self._wait()
        landing = self._free.pop()
        self._under_way.append(_UnderWay(self._pool.submit(landing.land, batch), keys, landing))

    def _wait(self, all_of_them: bool = False) -> None:
        while self._under_way:
            oldest = self._under_way.popleft()
            self._counts.add(oldest.future.result())
            self._free.append(oldest.landing)
            if not all_of_them:
                return


@dataclass(frozen=True)
class _UnderWay:
    future: Future[Counts]
    keys: set[Key]
    landing: Landing
