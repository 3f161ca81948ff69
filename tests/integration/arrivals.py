"""Statements on their way into a warehouse, and what has landed of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from loader.dumps import ingest_dump
from loader.envelope import examine
from loader.reading import find_sources
from tests.oracle import Landed

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Dump:
    """Rows of a table of dumps, each value as text."""

    table: str
    columns: list[str]
    rows: list[list[str]]


def land_as_other_writers_do(client: Client, lines: Sequence[str]) -> None:
    """What Ralph or Vector do: three columns, one insert each, no look at what is there."""
    for line in lines:
        identifier, time = examine(line.encode())
        assert time is not None
        client.command(
            "INSERT INTO xapi.xapi_events_all (event_id, emission_time, event) SELECT "
            "{id:UUID}, fromUnixTimestamp64Micro({time:Int64}, 'UTC'), {event:String}",
            parameters={"id": identifier, "time": time, "event": line},
        )


def read_dump(folder: Path, table: str) -> Dump:
    """The rows that `generate` wrote for a table of dumps."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        columns, *rows = csv.reader(lines)
    return Dump(table, columns, rows)


def land_dump(client: Client, dump: Dump, folder: Path) -> None:
    """Load the rows of a dump, in their order."""
    path = folder / f"{dump.table}.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([dump.columns, *dump.rows])
    (source,) = find_sources([str(path)], dump.table)
    ingest_dump(client, source, dump.table)


def landed(client: Client) -> list[Landed]:
    """Every statement in the raw table, in the order of arrival."""
    rows = client.query(
        "SELECT toString(event_id), toUnixTimestamp64Micro(emission_time), event "
        "FROM xapi.xapi_events_all ORDER BY received_at, xxHash64(event)"
    ).result_rows
    return [
        Landed(identifier, moment(time), rank, json.loads(event))
        for rank, (identifier, time, event) in enumerate(rows)
    ]


def moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds // 1_000_000, timezone.utc).replace(
        microsecond=microseconds % 1_000_000
    )
