"""How much did not land, by the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from loader.engine import engine_errors
from loader.rejects.selection import REJECTS, Wanted

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Summary:
    """How many lines did not land, for one reason; times are UTC."""

    reason: str
    lines: int
    sources: int
    first_received_at: datetime
    last_received_at: datetime


def summary_of(client: Client, wanted: Wanted) -> list[Summary]:
    """How many rejects there are for each reason, the most first."""
    with engine_errors():
        answer = client.query(
            f"SELECT toString(reason) AS why, count() AS lines, uniqExact(source), "
            f"min(received_at), max(received_at) FROM {REJECTS} WHERE {wanted.condition} "
            "GROUP BY reason ORDER BY lines DESC, why",
            parameters=wanted.parameters,
        )
    return [Summary(*row) for row in answer.result_rows]
