"""The time of the engine, which is that of everything that lands."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from loader.attempts import Attempts

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


class Clock:
    """Moments by the engine's clock, asked for once; none is given twice."""

    def __init__(self, client: Client, attempts: Attempts) -> None:
        asked = time.time_ns() // 1000
        sql = "SELECT toUnixTimestamp64Micro(now64(6))"
        self._ahead = attempts(lambda: int(str(client.command(sql)))) - asked
        self._last = 0
        self._lock = threading.Lock()

    def moment(self) -> int:
        """Now, in microseconds since 1970, and later than any moment before."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000 + self._ahead)
            return self._last
