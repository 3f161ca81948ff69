"""The server for tests: it serves, leaves nothing behind, and spares other warehouses."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.server import (
    ROOT,
    TEST_SERVER_MARK,
    Address,
    ServerError,
    running_server,
    started_server,
)

END_SECONDS = 20

pytestmark = pytest.mark.skipif(
    "CLICKHOUSE_HOST" in os.environ, reason="with CLICKHOUSE_HOST no server is started"
)


def answer(address: Address, sql: str) -> str:
    url = f"http://{address.host}:{address.port}/"
    with urllib.request.urlopen(url, sql.encode(), timeout=10) as response:
        return str(response.read().decode())


def listens(address: Address) -> bool:
    with socket.socket() as opened:
        return opened.connect_ex(address) == 0


def test_serves_its_folder_while_the_block_lasts(tmp_path: Path) -> None:
    with started_server(tmp_path) as address:
        answer(address, "CREATE DATABASE kept")
    assert not listens(address)
    with started_server(tmp_path) as address:
        assert "kept\n" in answer(address, "SHOW DATABASES")


def test_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.server", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        host, port = parent.stdout.readline().split(":")
        address = Address(host, int(port))
        assert listens(address)
        parent.kill()
    deadline = time.monotonic() + END_SECONDS
    while listens(address):
        assert time.monotonic() < deadline, "the server outlives its parent"
        time.sleep(0.05)


def test_a_named_server_is_used_if_nothing_on_it_can_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started_server(tmp_path) as address:
        monkeypatch.setenv("CLICKHOUSE_HOST", address.host)
        monkeypatch.setenv("CLICKHOUSE_PORT", str(address.port))
        for name in ("CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD", "CLICKHOUSE_SECURE"):
            monkeypatch.delenv(name, raising=False)

        with running_server(tmp_path / "unused") as used:
            assert used == address
        answer(address, "CREATE DATABASE xapi")
        with running_server(tmp_path / "unused") as used:  # made by tests: used again
            assert used == address

        answer(address, f"DROP DATABASE {TEST_SERVER_MARK}")
        with pytest.raises(ServerError, match="already has xapi"), running_server(tmp_path):
            pass


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with (
        started_server(tmp_path / "first") as address,
        pytest.raises(ServerError, match=f"Port {address.port} cannot be used"),
        started_server(tmp_path / "second", address.port),
    ):
        pass
