"""A real ClickHouse server for tests, benchmarks and people who want to look at one.

    python -m tests.server FOLDER [--port N]

serves the folder until its standard input closes or it is interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / ".server/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so"
SERVER_PROCESS = Path(__file__).with_name("server_process.py")
LOCALHOST = "127.0.0.1"
START_SECONDS = 30
STOP_SECONDS = 30

# Without this section the server keeps no system.query_log, which benchmarks read.
QUERY_LOG = "<query_log><database>system</database><table>query_log</table></query_log>"

# On a server that is not ours, this database says that its warehouse may be overwritten.
TEST_SERVER_MARK = "xapi_warehouse_tests"
WAREHOUSE_DATABASES = ("xapi", "event_sink", "access", "reporting", "reporting_pii")


class Address(NamedTuple):
    """Where a server answers over HTTP."""

    host: str
    port: int


class ServerError(RuntimeError):
    """There is no server to test with. A failure, never a reason to skip."""


@contextmanager
def running_server(folder: Path, port: int | None = None) -> Iterator[Address]:
    """The server that CLICKHOUSE_HOST names; without it, one started for this block.

    Raises ServerError when none can be had, and when the server that was named has a
    warehouse which tests did not make: they would overwrite it.
    """
    host = os.environ.get("CLICKHOUSE_HOST")
    if not host:
        with started_server(folder, port) as address:
            yield address
        return
    secure = _is_secure()
    address = Address(host, int(os.environ.get("CLICKHOUSE_PORT") or (8443 if secure else 8123)))
    _claim(address)
    yield address


@contextmanager
def started_server(
    folder: Path,
    port: int | None = None,
    users: str = "",
    access: str = "",
    native_port: int | None = None,
    timezone: str = "UTC",
) -> Iterator[Address]:
    """A server of our own with its data in `folder`: it ends with the block, or with us.

    It is the `clickhouse` program on PATH, else the library that `make server` installs.
    `users` are its users besides `default`, as users.xml has them; `access` is a file that the
    server merges with its own, as one in users.d. With a `native_port` it speaks ClickHouse's
    native protocol too. Its time zone is not this machine's, which may be any.
    """
    with started_process(folder, port, users, access, native_port, timezone) as (address, _):
        yield address


@contextmanager
def started_process(
    folder: Path,
    port: int | None = None,
    users: str = "",
    access: str = "",
    native_port: int | None = None,
    timezone: str = "UTC",
) -> Iterator[tuple[Address, subprocess.Popen[bytes]]]:
    """The same, with the process, which leads a group of its own."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if access:
        merged = folder / "config.d"
        merged.mkdir(exist_ok=True)
        (merged / "access.xml").write_text(access)
    address = Address(LOCALHOST, free_port(port or 0))
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, str(SERVER_PROCESS), *_command(folder, address, users, native_port)],
            cwd=folder,
            env=os.environ | {"TZ": timezone},
            stdin=subprocess.PIPE,  # the server ends when this closes, so also when we are killed
            stdout=output,
            stderr=output,
            start_new_session=True,  # an interrupt at the terminal is for us alone
        )
        try:
            _wait_until_it_answers(address, process, log)
            yield address, process
        finally:
            _stop(process)


def _command(folder: Path, address: Address, users: str, native_port: int | None) -> list[str]:
    """What `server_process.py` shall run."""
    program = shutil.which("clickhouse")
    if program:
        config = _write_config(folder, address, users, native_port)
        return ["program", program, "server", f"--config-file={config}"]
    if LIBRARY.exists():
        config = folder / "config.xml"
        config.write_text(f"<clickhouse>{QUERY_LOG}{_users(config, address, users)}</clickhouse>")
        options = {
            "config-file": config,
            "path": folder / "data",
            "http_port": address.port,
            "listen_host": address.host,
        }
        if native_port:
            options["tcp_port"] = native_port
        return ["library", str(LIBRARY), *(f"--{name}={value}" for name, value in options.items())]
    raise ServerError(
        "No ClickHouse server: set CLICKHOUSE_HOST, put `clickhouse` on PATH, or run "
        "`make server`, which installs one for Linux on x86-64."
    )


def _users(config: Path, address: Address, users: str) -> str:
    """Who may log in: `default` without a password, and others; all only from here."""
    return f"""
    <users_config>{config.name}</users_config>
    <default_profile>default</default_profile>
    <users>
        <default>
            <password></password>
            <networks><ip>{address.host}</ip></networks>
            <profile>default</profile>
            <quota>default</quota>
            <access_management>1</access_management>
        </default>
        {users}
    </users>
    <profiles><default/></profiles>
    <quotas><default/></quotas>
"""


def _write_config(folder: Path, address: Address, users: str, native_port: int | None) -> Path:
    """The settings of a server with one user and no password, which only we can reach."""
    config = folder / "config.xml"
    config.write_text(f"""\
<clickhouse>
    <logger><level>warning</level><console>true</console></logger>
    <listen_host>{address.host}</listen_host>
    <http_port>{address.port}</http_port>
    {f"<tcp_port>{native_port}</tcp_port>" if native_port else ""}
    <path>{folder / "data"}/</path>
    <tmp_path>{folder / "tmp"}/</tmp_path>
    <user_files_path>{folder}/</user_files_path>
    {QUERY_LOG}{_users(config, address, users)}
</clickhouse>
""")
    return config


def free_port(wanted: int) -> int:
    """The port that is wanted, or any for 0."""
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((LOCALHOST, wanted))
        except OSError as error:
            raise ServerError(f"Port {wanted} cannot be used: {error.strerror}.") from error
        return int(opened.getsockname()[1])


def _wait_until_it_answers(address: Address, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError, urllib.error.URLError):
            url = f"http://{address.host}:{address.port}/ping"
            with urllib.request.urlopen(url, timeout=1):
                return
        time.sleep(0.05)
    end = f"ended with code {process.returncode}" if process.returncode is not None else "is silent"
    last = log.read_text(errors="replace")[-2000:]
    raise ServerError(f"The ClickHouse server {end} (port {address.port}): {last}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # a session of its own: it and what it runs
        process.wait()


def _claim(address: Address) -> None:
    """Mark a server that is not ours as one for tests, if nothing on it can be lost."""
    found = _query(address, "SELECT name FROM system.databases").split()
    if TEST_SERVER_MARK in found:
        return
    taken = [name for name in WAREHOUSE_DATABASES if name in found]
    if taken:
        raise ServerError(
            f"The server at {address.host}:{address.port} (CLICKHOUSE_HOST) already has "
            f"{', '.join(taken)}, which tests would overwrite. Use an empty server, or say that "
            f"this one is for tests: CREATE DATABASE {TEST_SERVER_MARK}."
        )
    _query(address, f"CREATE DATABASE {TEST_SERVER_MARK}")


def _query(address: Address, sql: str) -> str:
    url = f"{'https' if _is_secure() else 'http'}://{address.host}:{address.port}/"
    headers = {
        "X-ClickHouse-User": os.environ.get("CLICKHOUSE_USER") or "default",
        "X-ClickHouse-Key": os.environ.get("CLICKHOUSE_PASSWORD") or "",
    }
    request = urllib.request.Request(url, sql.encode(), headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:  # noqa: S310
            return str(answer.read().decode())
    except OSError as error:
        body = error.read().decode() if isinstance(error, urllib.error.HTTPError) else ""
        raise ServerError(
            f"The server at {address.host}:{address.port} (CLICKHOUSE_HOST) does not serve: "
            f"{body.strip() or error}"
        ) from error


def _is_secure() -> bool:
    return os.environ.get("CLICKHOUSE_SECURE", "").lower() in ("1", "true", "yes", "on")


def main() -> None:
    """Serve a folder until standard input closes, or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.server", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the server keeps its data")
    parser.add_argument("--port", type=int, help="of HTTP; by default any that is free")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running_server(arguments.folder, arguments.port) as address:
            print(f"{address.host}:{address.port}", flush=True)
            sys.stdin.read()
    except ServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
