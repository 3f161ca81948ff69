"""What the server's own record says of the queries of each model."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.target import Target

# dbt puts the model's name in a comment before its statements.
QUERY = """\
SELECT
    extract(query, '"node_id": "model[.][^"]*[.]([^".]+)"') AS model,
    sum(read_rows),
    max(memory_usage)
FROM system.query_log
WHERE type = 'QueryFinish' AND is_initial_query AND query_start_time_microseconds >= '{since}'
GROUP BY model
ORDER BY model"""


@dataclass(frozen=True)
class Cost:
    """Rows that the queries of one model read, and the most memory that one took, in bytes."""

    rows: int
    memory: int


def now(target: Target) -> str:
    """The server's time, for `costs`."""
    return target.query("SELECT now64(6)").strip()


def costs(target: Target, since: str) -> dict[str, Cost]:
    """What queries have cost since then, by model; '' is all that is no model's."""
    target.query("SYSTEM FLUSH LOGS")
    lines = target.query(QUERY.format(since=since)).splitlines()
    rows = [line.split("\t") for line in lines]
    return {model: Cost(int(read), int(memory)) for model, read, memory in rows}
