"""Statements on their way into a warehouse, and what has landed of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from loader.envelope import examine
from tests.oracle import Landed

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


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
