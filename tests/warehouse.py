"""A warehouse on a real engine, and what tests do with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loader.checkers import Checkers
from loader.dumps import ingest_dump
from loader.ingestion import ingest
from loader.loads import Counts, Load
from loader.reading import AS_IT_COMES, Reading, find_sources
from loader.schema import EVENT_SINKS, initialise, is_current
from loader.schema.access import ACCESS_TABLES
from loader.schema.references import NAMES as REFERENCES
from loader.schema.tables import (
    ACCESS,
    LOAD_CHUNKS,
    PULLS,
    RAW,
    RAW_TABLES,
    RESOLVED_REJECTS,
    SINK,
    SUPERSET_TABLES,
    TURNS,
)
from loader.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

ENGINES = ("embedded", "server")
PUBLISHED_DATABASES = ("reporting", "reporting_pii")

OURS = {
    RAW: {
        table.name
        for table in (
            *RAW_TABLES,
            *SUPERSET_TABLES,
            PULLS,
            RESOLVED_REJECTS,
            LOAD_CHUNKS,
            TURNS,
        )
    },
    SINK: set(EVENT_SINKS),
    ACCESS: {table.name for table in ACCESS_TABLES},
}
KEPT = {
    *((RAW, name) for name in ("schema_versions", "statement_ids_mv", *REFERENCES)),
    *((ACCESS, name) for name in ("current_course_grants", "learner_accounts")),
}


@dataclass
class Warehouse:
    """An initialised warehouse and what tests do with it."""

    settings: Settings
    clients: list[Client]
    workers: Checkers
    folder: Path  # for the files of one test

    @property
    def client(self) -> Client:
        return self.clients[0]

    @property
    def environment(self) -> dict[str, str]:
        """What a `loader` or `dbt` process needs to find this warehouse."""
        return environment(self.settings)

    def ingest(
        self,
        content: bytes,
        name: str = "statements.jsonl",
        reading: Reading = AS_IT_COMES,
        strict: bool = False,
    ) -> Load:
        """Load content as a file of that name."""
        path = self.folder / name
        path.write_bytes(content)
        (load,) = self.ingest_all([str(path)], reading, strict)
        return load

    def ingest_path(self, path: Path) -> Load:
        (load,) = self.ingest_all([str(path)])
        return load

    def ingest_all(
        self, arguments: list[str], reading: Reading = AS_IT_COMES, strict: bool = False
    ) -> list[Load]:
        """Load whatever arguments name; what holds no statements is not in the answer."""
        sources = find_sources(arguments)
        results = ingest(self.clients, sources, self.workers, reading, strict=strict)
        return [result for result in results if isinstance(result, Load)]

    def ingest_dump(self, content: bytes, table: str) -> Load:
        """Load content as a dump of that event-sink table."""
        path = self.folder / f"{table}.csv"
        path.write_bytes(content)
        (source,) = find_sources([str(path)], table)
        return ingest_dump(self.client, source, table)

    def land_dumps(self, folder: Path) -> None:
        """Load the dumps of a folder that `generate` wrote."""
        for table in EVENT_SINKS:
            (source,) = find_sources([str(folder / f"{table}.csv")], table)
            ingest_dump(self.client, source, table)

    def empty(self) -> None:
        """Leave the loader's tables, without rows, and nothing else."""
        empty(self.client, self.settings)

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        answer = self.client.query(query, parameters=parameters)
        return [tuple(row) for row in answer.result_rows]

    def value(self, query: str) -> Any:
        """The one value of a query."""
        ((value,),) = self.rows(query)
        return value

    @property
    def events(self) -> list[str]:
        """The texts of all statements, in the order of their ids."""
        return [
            row[0]
            for row in self.rows(f"SELECT event FROM {RAW}.xapi_events_all ORDER BY event_id")
        ]

    @property
    def rejects(self) -> list[tuple[int, int, str]]:
        """Line, byte and reason of all rejects."""
        found = self.rows(
            f"SELECT line, byte_offset, reason FROM {RAW}.rejected_statements ORDER BY line"
        )
        return [(line, byte, reason) for line, byte, reason in found]


def settings_of(given: dict[str, str]) -> Settings:
    """Settings from these variables and who may use the server; a `.env` changes nothing."""
    who = ("CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD", "CLICKHOUSE_SECURE")
    usual = {"CLICKHOUSE_USER": "default", "CLICKHOUSE_PASSWORD": "", "CLICKHOUSE_SECURE": "false"}
    variables = usual | {name: os.environ[name] for name in who if os.environ.get(name)} | given
    return Settings.model_validate({"CLICKHOUSE_CLUSTER": ""} | variables)


def server_settings(address: tuple[str, int], more: Mapping[str, str] | None = None) -> Settings:
    """Settings of a server with this host and port, and what else variables are to say."""
    host, port = address
    where = {"CLICKHOUSE_HOST": host, "CLICKHOUSE_PORT": str(port)}
    return settings_of({"WAREHOUSE_TARGET": "server"} | where | dict(more or {}))


def environment(settings: Settings) -> dict[str, str]:
    """The configuration as the environment variables that say it."""
    return {
        "WAREHOUSE_TARGET": settings.target.value,
        "WAREHOUSE_PATH": str(settings.path),
        "CLICKHOUSE_HOST": settings.host,
        "CLICKHOUSE_PORT": str(settings.http_port),
        "CLICKHOUSE_USER": settings.user,
        "CLICKHOUSE_PASSWORD": settings.password.get_secret_value(),
        "CLICKHOUSE_SECURE": str(settings.secure).lower(),
    }


def counted(load: Load) -> tuple[int, int, int, int]:
    """Landed, duplicates, conflicts and rejected of a load."""
    counts: Counts = load.counts
    return counts.landed, counts.duplicates, counts.conflicts, counts.rejected


def empty(client: Client, settings: Settings) -> None:
    """Leave the loader's tables, without rows, and nothing else."""
    for database in PUBLISHED_DATABASES:
        client.command(f"DROP DATABASE IF EXISTS {database}")
    if not is_current(client):
        initialise(client, settings)
    found = client.query(
        "SELECT database, name, engine, total_rows FROM system.tables "
        f"WHERE database IN ('{RAW}', '{SINK}', '{ACCESS}')"
    ).result_rows
    for database, name, kind, rows in found:
        if (database, name) in KEPT:
            continue
        if name not in OURS[database]:
            client.command(f"DROP {'VIEW' if kind == 'View' else 'TABLE'} {database}.`{name}` SYNC")
        elif rows:
            client.command(f"TRUNCATE TABLE {database}.`{name}`")
