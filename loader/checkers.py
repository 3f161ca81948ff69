"""Threads and worker processes that check chunks while others read and land."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import chain
from multiprocessing import get_context, parent_process, resource_tracker
from typing import TypeVar

from loader.chunks import Chunk
from loader.errors import LoaderError
from loader.freed_memory import (
    give_back_freed_memory,
    give_back_large_memory,
    keep_freed_memory,
)

Job = TypeVar("Job")
Checked = TypeVar("Checked")


class Checkers:
    """Checks the chunks of sources side by side and gives back what is found, in order.

    What compiled code can do is done in threads. What needs Python is done in processes, which
    are started when they are needed first, for one interpreter does one thing at a time. The
    chunk of a small source is checked where it is asked for.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or min(4, os.cpu_count() or 1)
        self._threads: ThreadPoolExecutor | None = None
        self._processes: ProcessPoolExecutor | None = None
        self._opening = threading.Lock()

    def checked(
        self,
        source: Iterator[Chunk],
        check: Callable[[Chunk, Job], Checked],
        job: Job,
        check_quickly: Callable[[Chunk, Job], Checked | None] | None = None,
    ) -> Iterator[Checked]:
        """What `check` finds in each chunk of a source, in their order.

        It may run in another process, so it is a function of a module. `check_quickly` runs in
        a thread and finds the same, or None where that would hold up the others.
        """
        first = next(source, None)
        if first is None:
            return
        second = next(source, None)
        if second is None:
            yield check(first, job)
            return
        submit = (
            partial(self._submit, check)
            if check_quickly is None
            else partial(self._submit_quickly, check_quickly, check)
        )
        ahead: deque[Future[Checked]] = deque()
        try:
            for chunk in chain((first, second), source):
                ahead.append(submit(chunk, job))
                if len(ahead) > self._workers + 1:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool as error:
            self._processes = None
            raise LoaderError(
                "A worker process died (out of memory?). What has landed stays; "
                "run the same command again."
            ) from error

    def _submit_quickly(
        self,
        check_quickly: Callable[[Chunk, Job], Checked | None],
        check: Callable[[Chunk, Job], Checked],
        chunk: Chunk,
        job: Job,
    ) -> Future[Checked]:
        def in_a_thread() -> Checked:
            found = check_quickly(chunk, job)
            if found is None:
                found = self._submit(check, chunk, job).result()
                give_back_freed_memory()
            return found

        with self._opening:  # several sources are read at once
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="checking")
        return self._threads.submit(in_a_thread)

    def _submit(
        self, check: Callable[[Chunk, Job], Checked], chunk: Chunk, job: Job
    ) -> Future[Checked]:
        with self._opening, _interrupts_for_us_alone(), _without_main():
            pool = self._processes or self._open()
            return pool.submit(_check_and_tidy, check, chunk, job)

    def _open(self) -> ProcessPoolExecutor:
        # Not fork: the engine and the progress display have threads in this process.
        self._processes = ProcessPoolExecutor(
            self._workers, mp_context=get_context("spawn"), initializer=_end_with_parent
        )
        self._processes.submit(os.getpid)  # the first task starts all processes
        return self._processes

    def close(self) -> None:
        """End the threads and the processes."""
        for pool in (self._threads, self._processes):
            if pool:
                pool.shutdown(cancel_futures=True)
        self._threads = self._processes = None


@contextmanager
def _interrupts_for_us_alone() -> Iterator[None]:
    """A worker that begins here inherits what is blocked: Ctrl-C is not for it.

    The process that begins with the first worker unblocks it again, so it begins before.
    """
    resource_tracker.ensure_running()
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


def _check_and_tidy(check: Callable[[Chunk, Job], Checked], chunk: Chunk, job: Job) -> Checked:
    """In a worker: what `check` finds, and none of the memory that it took."""
    try:
        return check(chunk, job)
    finally:
        give_back_freed_memory()


def _end_with_parent() -> None:
    """In a worker: end when the process that began it is gone, however it went.

    Ctrl-C is for that process alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_back_large_memory()
    parent = parent_process()
    if parent:

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, daemon=True).start()


@contextmanager
def checkers(workers: int | None = None) -> Iterator[Checkers]:
    """Checkers whose threads and processes end with the block."""
    keep_freed_memory()
    opened = Checkers(workers)
    try:
        yield opened
    finally:
        opened.close()
