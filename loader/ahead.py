"""Several iterators at once: their items in order, though they are worked on side by side."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")
Work = Callable[[], Generator[Item, None, None]]


def in_order(works: Iterable[Work[Item]], at_once: int, ahead: int) -> Generator[Item, None, None]:
    """What the works give, all of the first, then all of the second, and so on.

    Up to `at_once` of them run, each in a thread of its own and at most `ahead` items
    before it is asked. What one raises is raised here, when it is its turn.
    """
    waiting = iter(works)
    stopped = threading.Event()
    running = deque(_Running(work, ahead, stopped) for work in islice(waiting, at_once))
    try:
        while running:
            yield from running[0].items()
            running.popleft()
            running.extend(_Running(work, ahead, stopped) for work in islice(waiting, 1))
    finally:
        stopped.set()
        for one in running:
            one.drain()


class _End(Generic[Item]):
    """The end of a work, and why, if that was early."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Running(Generic[Item]):
    """A work in its thread."""

    def __init__(self, work: Work[Item], ahead: int, stopped: threading.Event) -> None:
        self._done: queue.Queue[Item | _End[Item]] = queue.Queue(ahead)
        self._stopped = stopped
        # A thread that waits for a server must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Work[Item]) -> None:
        error = None
        try:
            items = work()
            try:
                for item in items:
                    self._done.put(item)
                    if self._stopped.is_set():
                        return
            finally:
                items.close()
        except BaseException as raised:  # for whoever takes the items
            error = raised
        self._done.put(_End(error))

    def items(self) -> Generator[Item, None, None]:
        """Each item when it is there. Raises what the work raised."""
        while True:
            item = self._done.get()
            if not isinstance(item, _End):
                yield item
            elif item.error:
                raise item.error
            else:
                return

    def drain(self) -> None:
        """Let the thread go on to its end, if it waits for its items to be taken."""
        while self._thread.is_alive():
            try:
                item = self._done.get(timeout=0.05)
            except queue.Empty:
                return  # it waits for something else
            if isinstance(item, _End):
                return
