"""Processes that end with the block that started them, and all that they have started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

# Ctrl-C, `kill`, and a terminal that is closed.
ENDED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def started(
    command: Sequence[str | Path],
    surroundings: Mapping[str, str],
    folder: Path,
    log: Path,
    patience: float = 0,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in this folder, which writes what it has to say to the end of a file.

    When the block ends, it has `patience` seconds to end in order.
    """
    with log.open("ab") as output, ExitStack() as holding:
        # While it is being started, it would be left behind.
        holding.enter_context(signals_held())
        process = subprocess.Popen(  # noqa: S603  # commands of our own
            command,
            env=surroundings,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C at the terminal is for us, and we end it
        )
        try:
            holding.close()
            yield process
        finally:
            _end(process, patience)


@contextmanager
def signals_held() -> Iterator[None]:
    """Signals that end a program are heard when the block has ended, the first of them alone."""
    heard: list[int] = []
    former = {one: signal.signal(one, lambda number, _: heard.append(number)) for one in ENDED_BY}
    try:
        yield
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)
        for number in heard[:1]:
            signal.raise_signal(number)


def _end(process: subprocess.Popen[bytes], patience: float) -> None:
    if process.poll() is None and patience:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    # It leads a session of its own: what it has left behind goes, too.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
