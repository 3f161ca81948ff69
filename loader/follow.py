"""`loader ingest --follow`: land what comes to some folders, until somebody says stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from loader.checkers import Checkers
from loader.errors import InputError
from loader.ingestion import ingest
from loader.loads import Load
from loader.reading import AS_IT_COMES, Reading
from loader.reading.following import Follower, News

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


class Stop:
    """Says that it is enough; the handler of a signal may say so, too, whatever it interrupts.

    An `Event` has a lock, for which a handler would wait for ever if it interrupts its holder.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._woken: SimpleQueue[None] = SimpleQueue()

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        self._woken.put(None)

    def wait(self, seconds: float) -> None:
        """Wait so long, or until it is set."""
        with suppress(Empty):
            self._woken.get(timeout=seconds)


def follow(
    clients: Sequence[Client],
    follower: Follower,
    workers: Checkers,
    stop: Stop,
    interval: float,
    reading: Reading = AS_IT_COMES,
    *,
    strict: bool = False,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> Iterator[Load | InputError]:
    """Land what is new at each look, a load for each file, until `stop` is set.

    `interval` is the time between two looks, in seconds. What is landing when `stop` is
    set is landed first. `tell` gets a sentence when the engine has to be waited for. Gives
    each load that is done, and each reason why a file could not be read: it is tried again
    when it has changed. Raises LoaderError when the engine refuses.
    """

    def land(news: News) -> Iterator[Load | InputError]:
        line_ends = 0
        try:
            for result in ingest(
                clients, [news.source], workers, reading, strict=strict, tell=tell
            ):
                if isinstance(result, Load):
                    line_ends += result.line_ends
                    yield result
        except InputError as error:
            news.failed(error)
            yield error
        else:
            news.landed(line_ends)

    while not stop.is_set():
        for news in follower.look():
            yield from land(news)
            if stop.is_set():
                break
        stop.wait(interval)
    for news in follower.rests():
        yield from land(news)
