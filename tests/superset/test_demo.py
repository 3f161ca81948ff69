"""`make superset-demo` ends in order, however early and however it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.superset_process import ROOT
from tests.server import free_port


@pytest.mark.parametrize(
    ("signals", "until"),
    [
        ([signal.SIGINT, signal.SIGINT], "loader generate"),
        ([signal.SIGTERM], "loader ingest --table course_blocks"),
        ([signal.SIGHUP, signal.SIGINT], "loader ingest --table tag"),
    ],
)
def test_it_leaves_no_process(tmp_path: Path, signals: list[int], until: str) -> None:
    folder = tmp_path / "demo"
    with started(folder, free_port(0)) as process:
        assert process.stdout
        said = iter(process.stdout.readline, "")
        assert any(line.startswith(until) for line in said)
        assert len(processes_of(folder)) >= 2  # the server, and what makes Superset's metadata
        for one in signals:
            os.killpg(process.pid, one)
        rest = process.stdout.read()
        assert process.wait(30) == 128 + signals[0]
    assert "Ended before it was ready." in rest
    assert "Traceback" not in rest
    assert processes_of(folder) == []


def test_a_port_that_is_taken_is_told_before_anything_is_made(tmp_path: Path) -> None:
    port = free_port(0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with started(tmp_path / "demo", port) as process:
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Error: Port {port} cannot be used: Address already in use." in said
    assert not (tmp_path / "demo").exists()


def started(folder: Path, port: int) -> subprocess.Popen[str]:
    """The demo, as at a terminal: the leader of a group, to which Ctrl-C goes."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.superset_demo", f"--port={port}", f"--folder={folder}"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def processes_of(folder: Path) -> list[str]:
    """What runs in the folder or is about it, but the demo itself."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text().replace("\0", " ")
            place = (process / "cwd").readlink()
        except OSError:
            continue
        if "scripts.superset_demo" not in command and (
            str(folder) in command or place.is_relative_to(folder)
        ):
            found.append(command)
    return found
