"""A ClickHouse server that can be killed and comes back with what was on its disk."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.server import Address, started_process


class MortalServer:
    """A server on one port, whoever runs there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._port: int | None = None
        self.deaths = 0
        self.start()

    @property
    def address(self) -> Address:
        return self._address

    def start(self) -> None:
        self._address, self._process = self._stack.enter_context(
            started_process(self._folder, self._port)
        )
        self._port = self._address.port

    def restart(self) -> None:
        """Kill it, as `kill -9` or a power cut of its machine does, and start it again."""
        with self._lock:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._stack.close()
            self.deaths += 1
            self.start()

    def close(self) -> None:
        with self._lock:
            self._stack.close()


@contextmanager
def mortal_server(folder: Path) -> Iterator[MortalServer]:
    """One while the block runs."""
    server = MortalServer(folder)
    try:
        yield server
    finally:
        server.close()
