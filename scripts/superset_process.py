"""Superset on this machine, for the demo and for tests: made, started, and ended again."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.processes import started

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".superset" / "env" / "bin"
START_SECONDS = 120
STOP_SECONDS = 10
# One for each core of a small machine: a worker's threads share one.
WORKERS = 2


def variables(home: Path, password: str) -> dict[str, str]:
    """What Superset reads from the environment; its keys are kept in its folder."""
    home.mkdir(parents=True, exist_ok=True)
    # Browsers of this machine reach it without HTTPS.
    return (
        {"SUPERSET_TALISMAN": "false"}
        | dict(os.environ)
        | {
            "FLASK_APP": "superset.app:create_app()",
            "SUPERSET_CONFIG_PATH": str(ROOT / "superset" / "superset_config.py"),
            "SUPERSET_HOME": str(home),
            "SUPERSET_SECRET_KEY": secret(home, "secret_key"),
            "SUPERSET_GUEST_TOKEN_SECRET": secret(home, "guest_token_secret"),
            "SUPERSET_PASSWORD": password,
        }
    )


def secret(home: Path, name: str) -> str:
    """What the file of this name holds, which is made up where there is none."""
    file = home / name
    if not file.is_file():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii")


@contextmanager
def preparing(home: Path, password: str) -> Iterator[Callable[[], None]]:
    """Make the metadata and the administrator meanwhile; what is yielded waits for them.

    It takes half a minute of one core. Waiting raises SystemExit, which names the log, when it has
    failed. It ends with the block, finished or not.
    """
    surroundings = variables(home, password)
    log = home / "prepare.log"
    command = [ENVIRONMENT / "python", ROOT / "superset" / "prepare.py"]
    with started(command, surroundings, home, log) as process:

        def wait() -> None:
            if process.wait():
                sys.exit(f"Superset's metadata could not be made: {log} says why.")

        yield wait


def prepare(home: Path, password: str) -> None:
    """Make the metadata and the administrator. Raises SystemExit, which names the log."""
    with preparing(home, password) as wait:
        wait()


@contextmanager
def running(home: Path, password: str, port: int | None = None) -> Iterator[str]:
    """Serve on 127.0.0.1 until the block ends; the address."""
    port = port or _free_port()
    address = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [
        ENVIRONMENT / "gunicorn",
        *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "6"),
        # Else a browser that stays connected holds the port for half a minute.
        *("--graceful-timeout", "2", "--keep-alive", "1", "--timeout", "120"),
        *("--bind", f"127.0.0.1:{port}", "superset.app:create_app()"),
    ]
    log = home / "superset.log"
    with started(command, variables(home, password), home, log, STOP_SECONDS) as process:
        _wait(address, process, log)
        yield address


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(address):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"Superset has not started: {log} says why.")
        time.sleep(0.2)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5):  # noqa: S310
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
