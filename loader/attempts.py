"""Requests to the engine that are made again while what is wrong with them can pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from loader.engine import engine_errors
from loader.errors import EngineError
from loader.patience import PASSING_STATUS, Patience

T = TypeVar("T")

# The engine's codes of what can pass, in words.
_PASSING = {
    159: "takes too long",  # TIMEOUT_EXCEEDED
    160: "takes too long",  # TOO_SLOW
    202: "has too much to do",  # TOO_MANY_SIMULTANEOUS_QUERIES
    203: "has too much to do",  # NO_FREE_CONNECTION
    209: "takes too long",  # SOCKET_TIMEOUT
    210: "does not answer",  # NETWORK_ERROR
    216: "is still at the same insert",  # QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING
    225: "has lost its Keeper",  # NO_ZOOKEEPER
    236: "has broken off",  # ABORTED
    241: "is out of memory",  # MEMORY_LIMIT_EXCEEDED
    242: "cannot write now",  # TABLE_IS_READ_ONLY
    252: "has too many parts to merge",  # TOO_MANY_PARTS
    279: "does not answer",  # ALL_CONNECTION_TRIES_FAILED
    285: "has too few replicas now",  # TOO_FEW_LIVE_REPLICAS
    286: "has too few replicas now",  # UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
    319: "does not know what became of an insert",  # UNKNOWN_STATUS_OF_INSERT
    394: "has broken off",  # QUERY_WAS_CANCELLED
    439: "has too much to do",  # CANNOT_SCHEDULE_TASK
    999: "has lost its Keeper",  # KEEPER_EXCEPTION
}


class Attempts:
    """Makes a request until it succeeds, or cannot, or has been made often enough."""

    def __init__(
        self,
        patience: Patience = Patience(),  # noqa: B008  # frozen
        tell: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        """`tell` gets a sentence whenever we wait."""
        self._patience = patience
        self._tell = tell

    def __call__(self, request: Callable[[], T]) -> T:
        """What `request` returns. It may be made several times, so it must bear that.

        Raises LoaderError for what cannot pass, at once, and for what did not.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                with engine_errors():
                    return request()
            except EngineError as error:
                what = what_can_pass(error.__cause__)
                if not (what and self._patience.waits(attempt, f"ClickHouse {what}", self._tell)):
                    raise


def what_can_pass(error: BaseException | None) -> str | None:
    """What is wrong, if it may not be a little later; None if waiting is of no use."""
    text = str(error)
    found = re.search(r"[Cc]ode: (\d+)", text)
    if found:
        return _PASSING.get(int(found.group(1)))
    found = re.search(r"HTTP status (\d+)", text)
    if found:  # of what stands between us and a server, or of the server while it starts
        status = int(found.group(1))
        return f"answers {status}" if status in PASSING_STATUS else None
    # Nothing has come from a server: the connection was refused, cut or silent.
    is_lost = type(error).__name__ == "OperationalError" or type(error).__module__.startswith(
        "urllib3"
    )
    return "does not answer" if is_lost else None
