"""A load that is under way, and what comes between: a signal, another process, a server's end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.command import Command, counts_of
from tests.server import started_server
from tests.statements import lines, statement

GOOD = lines(*(statement(number) for number in range(1, 11)))
LARGE = lines(*(statement(n, result={"response": "x" * 9_000}) for n in range(1, 3_500)))


def test_a_folder_in_use_is_said_with_its_holder(alone: Command) -> None:
    with holding(alone) as holder:
        done = alone("status")
        assert done.returncode == 1
        assert done.stderr.startswith(f"Error: The warehouse folder {alone.folder}/warehouse is in")
        assert f"in use by process {holder.pid} (" in done.stderr
        assert done.stderr.count("\n") == 1
        out, _ = holder.communicate(GOOD)
        assert (holder.returncode, b"10 statements in" in out) == (0, True)
    assert alone("status").returncode == 0


def test_ctrl_c_is_one_sentence_and_no_process_stays(alone: Command) -> None:
    with holding(alone, "--validation", "strict") as holder:
        assert holder.stdin
        holder.stdin.write(LARGE)  # three chunks: worker processes are at it when this returns
        os.killpg(holder.pid, signal.SIGINT)
        out, error = holder.communicate()
        assert holder.returncode == 130
        told = b"Stopped. What has landed stays; the same command again finds it and goes on."
        assert (out, error.strip()) == (b"", told)
        assert living(holder.pid) == []
    again = alone("ingest", "-", "--json", stdin=LARGE)
    assert again.returncode == 0
    assert counts_of(again.stdout)["lines"] == 3_499
    assert json.loads(alone("status", "--json").stdout)["statements"] == 3_499


def test_sigterm_leaves_no_process_and_no_files(alone: Command, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    alone.environment["TMPDIR"] = str(scratch)
    with holding(alone) as holder:
        os.killpg(holder.pid, signal.SIGTERM)
        assert holder.communicate() == (b"", b"")
        assert holder.returncode == 143
        assert living(holder.pid) == []
    assert list(scratch.iterdir()) == []


def test_a_server_that_goes_away_is_said(tmp_path: Path) -> None:
    impatient = (
        "from loader import cli, ingestion, patience; "
        "ingestion.ingest.__kwdefaults__['patience'] = patience.Patience(4, first_pause=0.05); "
        "cli.main()"
    )
    with started_server(tmp_path / "server") as (host, port):
        variables = {"WAREHOUSE_TARGET": "server", "CLICKHOUSE_HOST": host}
        variables["CLICKHOUSE_PORT"] = str(port)
        loading = holding(Command(variables, tmp_path, (sys.executable, "-c", impatient)))
        assert loading.stdin
        loading.stdin.write(LARGE)  # it reads from its pipe only once it is connected
    with loading:
        out, error = loading.communicate()
    assert (loading.returncode, out) == (1, b"")
    *waits, last = error.decode().splitlines()
    assert last.startswith(f"Error: ClickHouse at {host}:{port} does not answer any more.")
    assert waits
    assert all(wait.startswith("ClickHouse does not answer: waiting") for wait in waits)


def holding(command: Command, *options: str) -> subprocess.Popen[bytes]:
    """A load that waits for standard input, with the warehouse open."""
    process = command.start("ingest", "-", *options)
    assert process.stderr
    assert process.stderr.readline().startswith(b"Made the warehouse's tables")
    return process


def living(session: int) -> list[str]:
    """The processes of a session that do not end: workers see by themselves that we have."""
    deadline = time.monotonic() + 20
    while (found := _listed(session)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _listed(session: int) -> list[str]:
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "-s", str(session)], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if not line.startswith("Z")]
