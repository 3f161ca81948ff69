"""The `loader` command with small chunks and inserts, so that a small file has many of both.

    python -m tests.faults.small_loader ARGUMENTS

It counts its requests to the engine, and with FAULT_KILL_AT=N kills itself, FAULT_KILL_AFTER
microseconds after the Nth has begun, as `kill -9` does. FAULT_STATE names a file for what the
warehouse holds in the end, and for the number of requests; FAULT_STATE_PORT is where a server
tells it without faults.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import loader.engine
import loader.ingestion
import loader.reading.inputs
from loader.attempts import Attempts
from loader.cli import main
from loader.engine import connect
from loader.patience import Patience
from loader.settings import load_settings
from tests.faults.state import state

CHUNK_BYTES = 2_000
FIRST_BATCH_BYTES = 4_000
BATCH_BYTES = 8_000

_numbers = itertools.count(1)


def _kill_after(microseconds: int) -> None:
    end = time.perf_counter_ns() + microseconds * 1000
    while time.perf_counter_ns() < end:
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def _counted(request: Callable[[], Any]) -> Callable[[], Any]:
    def counted() -> Any:
        number = next(_numbers)
        if number == int(os.environ.get("FAULT_KILL_AT", "0")):
            after = int(os.environ["FAULT_KILL_AFTER"])
            threading.Thread(target=_kill_after, args=(after,)).start()
        return request()

    return counted


def _make_small() -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(loader.reading.inputs, "CHUNK_BYTES", CHUNK_BYTES)
    patch.setattr(loader.ingestion, "FIRST_BATCH_BYTES", FIRST_BATCH_BYTES)
    patch.setattr(loader.ingestion, "BATCH_BYTES", BATCH_BYTES)
    patch.setattr(loader.engine, "REQUEST_SECONDS", float(os.environ.get("FAULT_TIMEOUT", "60")))
    usual = Attempts.__call__
    patch.setattr(Attempts, "__call__", lambda self, request: usual(self, _counted(request)))
    patience = Patience(first_pause=0.05, longest_pause=0.5, attempts=100)
    defaults = loader.ingestion.ingest.__kwdefaults__
    assert defaults
    patch.setitem(defaults, "patience", patience)


def _told() -> None:
    path = os.environ.get("FAULT_STATE")
    if path:
        requests = next(_numbers) - 1
        settings = load_settings()
        settings.port = int(os.environ.get("FAULT_STATE_PORT", settings.http_port))
        with closing(connect(settings)) as client:
            Path(path).write_text(json.dumps({"requests": requests, "state": state(client)}))


if __name__ == "__main__":
    _make_small()
    try:
        main()
    finally:
        _told()
