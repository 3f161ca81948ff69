"""`make superset-demo`: Superset with dashboards of made-up data, until Ctrl-C.

Everything is in `demo/superset`, made anew each time; ClickHouse and Superset listen on 127.0.0.1.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loader.access import read_access
from loader.schema import EVENT_SINKS
from loader.superset import Superset, apply, apply_access, read_bundle
from loader.superset.apply import at
from scripts.superset_process import ROOT, prepare, running
from tests.server import running_server

FOLDER = ROOT / "demo" / "superset"
# Made up with the data, and open to this machine alone.
PASSWORD = "demo"  # noqa: S105
ADMIN = "admin"
PEOPLE = {
    "instructor": "warehouse_instructor",
    "instructor_with_names": "warehouse_instructor_with_personal_data",
    "analyst": "warehouse_analyst",
    "operator": "warehouse_operator",
}
COURSE = ("NorthU", "course-v1:NorthU+STAT101+2026_T1")
GENERATE = (
    *("--statements", "20000", "--learners", "120", "--days", "40", "--until", "today"),
    *("--duplicates", "0.01", "--late", "0.02", "--voided", "0.002", "--malformed", "0.001"),
)


def main() -> None:
    """Make it, tell how to log in, and wait for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m scripts.superset_demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8088, help="of Superset (8088)")
    port = parser.parse_args().port
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    try:
        with demo(port) as address:
            print(f"\nReady after {time.monotonic() - started:.0f} s: {address}\n")
            print("  user                    password  sees")
            for name, role in {ADMIN: "Admin", **PEOPLE}.items():
                print(f"  {name:22}  {PASSWORD:8}  {_sees(role)}")
            print("\nCtrl-C ends it.", flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        print("\nEnded. `make clean` removes what it made.")


def _sees(role: str) -> str:
    if role == "Admin":
        return "everything, and may change it"
    return read_access().roles[role.removeprefix("warehouse_")].description


@contextmanager
def demo(port: int) -> Iterator[str]:
    """The address of a Superset with dashboards of made-up data."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    home = FOLDER / "superset"
    with running_server(FOLDER / "clickhouse") as (host, http_port):
        build({"CLICKHOUSE_HOST": host, "CLICKHOUSE_PORT": str(http_port)})
        print("Superset's metadata, its dashboards, and who sees them", flush=True)
        prepare(home, PASSWORD)
        with running(home, PASSWORD, port) as address:
            database = f"clickhousedb://default@{host}:{http_port}/reporting"
            server = Superset(address, ADMIN, PASSWORD)
            bundle = at(read_bundle(ROOT / "superset" / "assets"), database)
            apply(bundle, server)
            apply_access(read_access(), bundle, server)
            add_people(server)
            yield address


def build(where: dict[str, str]) -> None:
    """Made-up data, loaded and built, on the server that the variables name."""
    surroundings = (
        os.environ
        | where
        | {
            "WAREHOUSE_TARGET": "server",
            "DBT_TARGET_PATH": str(FOLDER / "target"),
            "DBT_LOG_PATH": str(FOLDER / "logs"),
        }
    )
    data = FOLDER / "data"
    _run("loader", "generate", str(data), *GENERATE, surroundings=surroundings)
    _write_grants(data / "course_grants.csv")
    for table in (*EVENT_SINKS, "course_grants"):
        path = str(data / f"{table}.csv")
        _run("loader", "ingest", "--table", table, path, surroundings=surroundings)
    statements = str(data / "statements.jsonl")
    _run("loader", "ingest", statements, surroundings=surroundings, allowed=(0, 3))
    _run("dbt", "--quiet", "run", surroundings=surroundings)


def _write_grants(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["username", "org", "course_key", "role", "until"])
        for name in PEOPLE:
            if name.startswith("instructor"):
                writer.writerow([name, *COURSE, "instructor", ""])


def _run(*command: str, surroundings: dict[str, str], allowed: tuple[int, ...] = (0,)) -> None:
    print(" ".join(command).replace(f"{ROOT}/", ""), flush=True)
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run(  # noqa: S603  # commands of our own
        [program, *command[1:]],
        cwd=ROOT,
        env=surroundings,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in allowed:
        sys.exit(done.stderr or done.stdout)


def add_people(server: Superset) -> None:
    """Users of the demo, each in one role."""
    roles = {row["name"]: row["id"] for row in server.list("security/roles", ("id", "name"))}
    for name, role in PEOPLE.items():
        server.post(
            "security/users/",
            {
                "username": name,
                "first_name": name.replace("_", " ").capitalize(),
                "last_name": "Demo",
                "email": f"{name}@example.org",
                "active": True,
                "password": PASSWORD,
                "roles": [roles[role]],
            },
        )


if __name__ == "__main__":
    main()
