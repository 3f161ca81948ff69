"""The two ways to reach ClickHouse, as things to measure on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.server import Address, started_server

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DATABASES = ("xapi", "event_sink", "access", "reporting", "reporting_pii")
QUERY_SECONDS = 3600

# What the engine does with the same file and the same table, and no one in between.
ENGINE_INSERT = """\
INSERT INTO xapi.xapi_events_all (event_id, emission_time, event)
SELECT
    toUUIDOrZero(JSONExtractString(line, 'id')),
    parseDateTime64BestEffortOrZero(JSONExtractString(line, 'timestamp'), 6, 'UTC'),
    line
FROM file('{file}', 'LineAsString', 'auto', '{compression}')"""


@dataclass(frozen=True)
class Target:
    """A warehouse of our own in a folder of our own; commands see nothing of the user's."""

    name: str
    folder: Path
    server: Address | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What loader and dbt need to find this warehouse and no other."""
        ours = ("WAREHOUSE_", "CLICKHOUSE_", "DBT_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        kept |= {
            "WAREHOUSE_TARGET": self.name,
            "WAREHOUSE_PATH": str(self.folder / "warehouse"),
            "DBT_PROJECT_DIR": str(ROOT),
            "DBT_PROFILES_DIR": str(self.folder),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
        }
        if self.server:
            kept |= {"CLICKHOUSE_HOST": self.server.host, "CLICKHOUSE_PORT": str(self.server.port)}
        return kept

    def start(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        """A command of this project, under way."""
        return subprocess.Popen(
            [BIN / program, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, program: str, *arguments: str) -> str:
        """What a command of this project prints; RuntimeError when it fails."""
        process = self.start(program, *arguments)
        output, errors = process.communicate()
        if process.returncode:
            command = f"{program} {' '.join(arguments)}"
            raise RuntimeError(f"`{command}` failed ({process.returncode}):\n{output}{errors}")
        return output

    def make_anew(self) -> None:
        """An empty warehouse with the loader's tables."""
        if self.server:
            for database in DATABASES:
                self.query(f"DROP DATABASE IF EXISTS {database} SYNC")
        else:
            shutil.rmtree(self.folder / "warehouse", ignore_errors=True)
        self.run("loader", "init")

    def query(self, sql: str) -> str:
        """The answer as text, tab-separated; embedded, by a process of its own."""
        if not self.server:
            return self.run("python", str(ROOT / "benchmarks" / "embedded_query.py"), sql)
        url = f"http://{self.server.host}:{self.server.port}/"
        with urllib.request.urlopen(url, sql.encode(), timeout=QUERY_SECONDS) as answer:
            return str(answer.read().decode())

    def seconds_of_engine_insert(self, file: Path, compression: str) -> float:
        """How long the engine takes to fill the raw table from `file`, start-up left out."""
        sql = ENGINE_INSERT.format(file=file, compression=compression)
        if not self.server:
            # It prints its own time: importing and opening the engine is not in it.
            return float(self.query(sql).splitlines()[-1])
        begun = time.perf_counter()
        self.query(sql)
        return time.perf_counter() - begun

    def statements(self) -> int:
        """How many rows the raw table has."""
        return int(self.query("SELECT count() FROM xapi.xapi_events_all").splitlines()[0])


@contextmanager
def opened_target(name: str, folder: Path) -> Iterator[Target]:
    """The target `name` in a new `folder`; the server, if it is that, runs meanwhile."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "profiles.example.yml", folder / "profiles.yml")
    if name == "embedded":
        yield Target(name, folder)
    else:
        with started_server(folder / "server") as address:
            yield Target(name, folder, address)
    shutil.rmtree(folder)
