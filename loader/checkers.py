"""Worker processes that check chunks while others read and land."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import TypeVar

from loader.chunks import Chunk
from loader.errors import LoaderError
from loader.reading import Source
from loader.reading.inputs import CHUNK_BYTES

Job = TypeVar("Job")
Checked = TypeVar("Checked")


class Checkers:
    """Checks the chunks of sources in worker processes and gives back what they find, in order.

    The chunk of a small source is checked here, so that small files start no processes.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or min(4, os.cpu_count() or 1)
        self._pool: ProcessPoolExecutor | None = None
        self._opening = threading.Lock()

    def start(self, sources: Sequence[Source]) -> None:
        """Start the processes now if these sources will need them, while others connect."""
        if any((source.size or 0) > CHUNK_BYTES for source in sources):
            self._open()

    def checked(
        self, source: Iterator[Chunk], check: Callable[[Chunk, Job], Checked], job: Job
    ) -> Iterator[Checked]:
        """What `check` finds in each chunk of a source, in their order.

        It may run in another process, so it is a function of a module.
        """
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
                ahead.append(self._submit(check, chunk, job))
            for chunk in source:
                ahead.append(self._submit(check, chunk, job))
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

    def _submit(
        self, check: Callable[[Chunk, Job], Checked], chunk: Chunk, job: Job
    ) -> Future[Checked]:
        with self._opening:  # several sources are read at once
            pool = self._pool or self._open()
        with _interrupts_for_us_alone(), _without_main():
            return pool.submit(check, chunk, job)

    def _open(self) -> ProcessPoolExecutor:
        # Not fork: the engine and the progress display have threads in this process.
        self._pool = ProcessPoolExecutor(
            self._workers, mp_context=get_context("spawn"), initializer=_end_with_parent
        )
        with _interrupts_for_us_alone(), _without_main():
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


@contextmanager
def _without_main() -> Iterator[None]:
    """A worker that begins here does not run the script that called us, which would call us."""
    main = sys.modules["__main__"]
    hidden = {"__spec__": None, "__file__": None}
    usual = {name: getattr(main, name) for name in hidden if hasattr(main, name)}
    vars(main).update(hidden)
    try:
        yield
    finally:
        for name in hidden.keys() - usual.keys():
            delattr(main, name)
        vars(main).update(usual)


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
