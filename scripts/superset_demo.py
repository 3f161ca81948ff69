"""`make superset-demo`: Superset with dashboards of made-up data, until Ctrl-C.

Everything is in `demo/superset`, made anew each time; ClickHouse and Superset listen on 127.0.0.1.
Ctrl-C, or SIGTERM, ends both of them.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from types import FrameType

from loader.access import read_access
from loader.engine import connect
from loader.errors import LoaderError
from loader.schema import EVENT_SINKS
from loader.settings import Settings
from loader.superset import Superset, apply, apply_access, pull_usage, read_bundle
from loader.superset.apply import at
from loader.superset.database import database_uri
from scripts.processes import ENDED_BY, started
from scripts.superset_process import ROOT, preparing, running
from scripts.superset_use import make_up_use
from tests.server import ServerError, free_port, started_server

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


class Ended(KeyboardInterrupt):
    """Somebody wants it to end; `number` is the signal that said so."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> None:
    """Make it, tell how to log in, and wait for Ctrl-C. Before it is ready, that is a failure."""
    parser = argparse.ArgumentParser(prog="python -m scripts.superset_demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8088, help="of Superset (8088)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="is emptied first")
    options = parser.parse_args()
    for one in ENDED_BY:
        signal.signal(one, _end)
    is_ready = False
    begun = time.monotonic()
    try:
        with demo(options.folder, free_port(options.port)) as address:
            _tell(address, time.monotonic() - begun)
            is_ready = True
            threading.Event().wait()
    except Ended as ended:
        if not is_ready:
            print("\nEnded before it was ready.", flush=True)
            sys.exit(128 + ended.number)
        print("\nEnded. `make clean` removes what it made.", flush=True)
    except (LoaderError, ServerError) as error:
        sys.exit(f"Error: {error}")


def _end(number: int, _frame: FrameType | None) -> None:
    """End in order: a second Ctrl-C must not leave a half of it running."""
    for one in ENDED_BY:
        signal.signal(one, lambda *_: None)  # SIG_IGN would be told of one that came before it
    raise Ended(number)


def _tell(address: str, seconds: float) -> None:
    print(f"\nReady after {seconds:.0f} s: {address}\n")
    print("  user                    password  sees")
    for name, role in {ADMIN: "Admin", **PEOPLE}.items():
        print(f"  {name:22}  {PASSWORD:8}  {_sees(role)}")
    print(f"\nBegin as instructor with {address}/superset/dashboard/course/")
    print("Ctrl-C ends it.", flush=True)


def _sees(role: str) -> str:
    if role == "Admin":
        return "everything, and may change it"
    return read_access().roles[role.removeprefix("warehouse_")].description


@contextmanager
def demo(folder: Path, port: int) -> Iterator[str]:
    """The address of a Superset with dashboards of made-up data."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home = folder / "superset"
    with (
        started_server(folder / "clickhouse") as (host, http_port),
        preparing(home, PASSWORD) as wait_for_metadata,
    ):
        warehouse = Settings.server(host, http_port)
        build(folder, warehouse)
        _say("Superset's metadata, its dashboards, and who sees them")
        wait_for_metadata()
        with running(home, PASSWORD, port) as address:
            server = Superset(address, ADMIN, PASSWORD)
            bundle = at(read_bundle(ROOT / "superset" / "assets"), database_uri(warehouse))
            apply(bundle, server)
            apply_access(read_access(), bundle, server)
            add_people(server)
            use(home, server, warehouse)
            yield address


def build(folder: Path, warehouse: Settings) -> None:
    """Made-up data, loaded and built on a server; files are in the folder."""
    # Whatever .env says, too: an empty variable outranks it.
    surroundings = os.environ | {
        "WAREHOUSE_TARGET": "server",
        "WAREHOUSE_VIEWS_USER": "",
        "CLICKHOUSE_HOST": warehouse.host,
        "CLICKHOUSE_PORT": str(warehouse.http_port),
        "CLICKHOUSE_USER": warehouse.user,
        "CLICKHOUSE_PASSWORD": warehouse.password.get_secret_value(),
        "CLICKHOUSE_SECURE": str(warehouse.secure).lower(),
        "CLICKHOUSE_CLUSTER": "",
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    data = folder / "data"
    run = partial(_run, surroundings=surroundings, log=folder / "command.log", succeeds={0})
    run("loader", "generate", str(data), *GENERATE)
    _write_grants(data / "course_grants.csv")
    for table in (*EVENT_SINKS, "course_grants"):
        run("loader", "ingest", "--table", table, str(data / f"{table}.csv"))
    # Some lines are broken on purpose, and rejected.
    run("loader", "ingest", str(data / "statements.jsonl"), succeeds={0, 3})
    _write_log_of_queries(warehouse)
    run("dbt", "--quiet", "run")


def _write_log_of_queries(warehouse: Settings) -> None:
    """A server has the table from its first writing on, and dbt has to see that it is there."""
    client = connect(warehouse)
    try:
        client.command("SYSTEM FLUSH LOGS")
    finally:
        client.close()


def use(home: Path, server: Superset, warehouse: Settings) -> None:
    """Weeks in which people have used this Superset, and what the warehouse makes of them."""
    _say("Weeks of use of Superset, and loader superset usage")
    make_up_use(home / "superset.db", datetime.now(timezone.utc).date())
    client = connect(warehouse)
    try:
        pull_usage(client, server)
    finally:
        client.close()


def _write_grants(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["username", "org", "course_key", "role", "until"])
        for name in PEOPLE:
            if name.startswith("instructor"):
                writer.writerow([name, *COURSE, "instructor", ""])


def _run(*command: str, surroundings: dict[str, str], log: Path, succeeds: set[int]) -> None:
    _say(" ".join(command).replace(f"{ROOT}/", ""))
    program = Path(sys.executable).with_name(command[0])
    log.unlink(missing_ok=True)
    with started([program, *command[1:]], surroundings, ROOT, log) as process:
        if process.wait() not in succeeds:
            sys.exit(log.read_text(encoding="utf-8", errors="replace"))


def _say(what: str) -> None:
    print(what, flush=True)


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
