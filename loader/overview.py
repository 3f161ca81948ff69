"""What is in the warehouse, and whether the reporting tables have seen all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from loader.engine import engine_errors
from loader.loads import Counts
from loader.rejects.selection import Wanted
from loader.rejects.summary import summary_of
from loader.schema import EVENT_SINKS, is_current
from loader.schema.tables import RAW, SINK
from loader.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

SHOWN_LOADS = 5

# What dbt tells about its runs (macros/incremental/progress.sql).
PROGRESS = f"{RAW}.model_progress"
ARRIVALS = f"{RAW}.stg_xapi__arrivals"
STAGING_MODEL = "stg_xapi__statements"

# How far before the latest planned arrival we look for others, as staging does: rows become
# visible a little after their received_at.
LOOK_BACK_MINUTES = 60


@dataclass(frozen=True)
class Reporting:
    """Whether the reporting tables have seen every statement and dump that has landed."""

    built_at: datetime | None = None  # end of the last run of staging; None: never
    statements_behind: int = 0
    newer_dumps: tuple[str, ...] = ()  # event-sink tables with rows from after that run

    @property
    def behind(self) -> bool:
        return self.statements_behind > 0 or bool(self.newer_dumps)


@dataclass(frozen=True)
class FinishedLoad:
    """A row of `xapi.loads`; times are UTC."""

    source: str
    finished_at: datetime
    counts: Counts
    seconds: float


@dataclass(frozen=True)
class Status:
    """The state of a warehouse; times are UTC, counts are of everything ever loaded."""

    place: str
    engine_version: str
    initialised: bool = False
    statements: int = 0
    first_emission: datetime | None = None
    last_emission: datetime | None = None
    loads: int = 0
    totals: Counts = field(default_factory=Counts)
    last_loads: tuple[FinishedLoad, ...] = ()
    rejects: dict[str, int] = field(default_factory=dict)  # unresolved, by reason, the most first
    dumps: dict[str, int] = field(default_factory=dict)  # rows by event-sink table
    reporting: Reporting = Reporting()

    def as_object(self) -> dict[str, Any]:
        """The same for `--json`: plain values, times as ISO 8601."""
        return {
            "warehouse": self.place,
            "clickhouse": self.engine_version,
            "initialised": self.initialised,
            "statements": self.statements,
            "first_emission": _iso(self.first_emission),
            "last_emission": _iso(self.last_emission),
            "loads": self.loads,
            **_counted(self.totals),
            "rejects": self.rejects,
            "last_loads": [
                {"source": load.source, "finished_at": _iso(load.finished_at)}
                | _counted(load.counts)
                | {"seconds": load.seconds}
                for load in self.last_loads
            ],
            "dumps": self.dumps,
            "reporting": {
                "built_at": _iso(self.reporting.built_at),
                "behind": self.reporting.behind,
                "statements_behind": self.reporting.statements_behind,
                "newer_dumps": list(self.reporting.newer_dumps),
            },
        }


def read_status(client: Client, settings: Settings) -> Status:
    """The state of the warehouse behind `client`; reads no statement's text.

    Raises LoaderError when the engine refuses or a later loader was here.
    """
    with engine_errors():
        version = str(client.command("SELECT version()"))
        if not is_current(client):
            return Status(settings.place, version)
        statements, first, last = _row(
            client,
            f"SELECT count(), min(emission_time), max(emission_time) FROM {RAW}.xapi_events_all",
        )
        loads, *totals = _row(
            client,
            "SELECT count(), sum(landed), sum(duplicates), sum(conflicts), sum(rejected) "
            f"FROM {RAW}.loads",
        )
        dumps = _dumps(client)
        return Status(
            place=settings.place,
            engine_version=version,
            initialised=True,
            statements=statements,
            first_emission=first if statements else None,
            last_emission=last if statements else None,
            loads=loads,
            totals=Counts(*totals),
            last_loads=_last_loads(client),
            rejects=_rejects(client),
            dumps={name: rows for name, (rows, _) in dumps.items()},
            reporting=_reporting(client, statements, dumps),
        )


def _last_loads(client: Client) -> tuple[FinishedLoad, ...]:
    answer = client.query(
        "SELECT source, finished_at, landed, duplicates, conflicts, rejected, "
        "dateDiff('microsecond', started_at, finished_at) / 1e6 "
        f"FROM {RAW}.loads ORDER BY started_at DESC, finished_at DESC LIMIT {SHOWN_LOADS}"
    )
    return tuple(
        FinishedLoad(source, finished_at, Counts(*counts), seconds)
        for source, finished_at, *counts, seconds in answer.result_rows
    )


def _rejects(client: Client) -> dict[str, int]:
    return {one.reason: one.lines for one in summary_of(client, Wanted())}


def _dumps(client: Client) -> dict[str, tuple[int, datetime]]:
    """Rows and latest arrival by event-sink table."""
    counted = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count() AS rows, max(received_at) AS latest FROM {SINK}.{name}"
        for name in EVENT_SINKS
    )
    found = {name: (rows, latest) for name, rows, latest in client.query(counted).result_rows}
    return {name: found[name] for name in EVENT_SINKS}


def _reporting(
    client: Client, statements: int, dumps: dict[str, tuple[int, datetime]]
) -> Reporting:
    """Compare what has arrived with what the last run of staging had planned and seen."""
    if not all(_exists(client, table) for table in (PROGRESS, ARRIVALS)):
        return Reporting(None, statements, tuple(name for name in dumps if dumps[name][0]))
    runs, seen_until, built_at = _row(
        client,
        f"SELECT count(), max(seen_until), max(finished_at) FROM {PROGRESS} "
        f"WHERE model = '{STAGING_MODEL}'",
    )
    if not runs:
        return Reporting(None, statements, tuple(name for name in dumps if dumps[name][0]))
    (behind,) = _row(
        client,
        f"""
        WITH
            {{seen_until:DateTime64(6, 'UTC')}} AS seen_until,
            (
                SELECT max(received_at) - INTERVAL {LOOK_BACK_MINUTES} MINUTE
                FROM {ARRIVALS} WHERE planned_at <= seen_until
            ) AS look_from
        SELECT sum(statements) FROM (
            SELECT received_at, count() AS statements
            FROM {RAW}.xapi_events_all WHERE received_at >= look_from GROUP BY received_at
        )
        WHERE (received_at, statements) NOT IN (
            SELECT received_at, statements
            FROM {ARRIVALS} WHERE planned_at <= seen_until AND received_at >= look_from
        )
        """,
        parameters={"seen_until": seen_until},
    )
    newer = tuple(name for name, (rows, latest) in dumps.items() if rows and latest > built_at)
    return Reporting(built_at, behind, newer)


def _exists(client: Client, table: str) -> bool:
    return bool(int(str(client.command(f"EXISTS TABLE {table}"))))


def _row(client: Client, query: str, parameters: dict[str, Any] | None = None) -> Sequence[Any]:
    return client.query(query, parameters=parameters).result_rows[0]


def _counted(counts: Counts) -> dict[str, int]:
    return {
        "lines": counts.lines,
        "landed": counts.landed,
        "duplicates": counts.duplicates,
        "conflicts": counts.conflicts,
        "rejected": counts.rejected,
    }


def _iso(moment: datetime | None) -> str | None:
    return f"{moment.replace(tzinfo=None).isoformat()}Z" if moment else None
