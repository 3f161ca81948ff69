"""What a warehouse holds, without what differs between two loads that went the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

State = dict[str, Any]

# A statement that tells no time has that of its load, which is another one each time.
_TIMED = "position(event, 'timestamp') > 0 OR position(event, 'stored') > 0"

_TABLES = {
    "statements": (
        f"toString(event_id), if({_TIMED}, toString(emission_time), ''), event, source",
        "xapi_events_all",
    ),
    "index": ("toString(event_id), content_hash, is_voiding", "statement_ids"),
    "rejects": (
        "source, line, byte_offset, reason, detail, hex(raw)",
        "rejected_statements",
    ),
    "loads": (
        "source, content_hash, bytes, lines, landed, duplicates, conflicts, rejected",
        "loads",
    ),
}

# Each of these counts something that must not be.
_WRONG = {
    "statements twice": "SELECT count() - uniqExact(event_id) FROM xapi.xapi_events_all",
    "statements that the index lacks": (
        "SELECT count() FROM xapi.xapi_events_all WHERE (event_id, emission_time, received_at, "
        "xxHash64(event)) NOT IN (SELECT event_id, emission_time, received_at, content_hash "
        "FROM xapi.statement_ids)"
    ),
    "entries twice": "SELECT count() - uniqExact(event_id) FROM xapi.statement_ids",
    "loads whose verdicts do not add up": (
        "SELECT countIf(lines != landed + duplicates + conflicts + rejected) FROM xapi.loads"
    ),
    "loads that landed another number than they say": (
        "SELECT count() FROM (SELECT load_id, landed FROM xapi.loads) AS loads "
        "FULL JOIN (SELECT load_id, count() AS landed FROM xapi.xapi_events_all GROUP BY load_id) "
        "AS found USING load_id WHERE loads.landed != found.landed"
    ),
    "loads with another number of rejects": (
        "SELECT count() FROM (SELECT load_id, conflicts + rejected AS rejects FROM xapi.loads) "
        "AS loads FULL JOIN (SELECT load_id, count() AS rejects FROM xapi.rejected_statements "
        "GROUP BY load_id) AS found USING load_id WHERE loads.rejects != found.rejects"
    ),
    "chunks twice": (
        "SELECT count() - uniqExact(load_id, first_byte) FROM xapi.load_chunks FINAL "
        "WHERE state = 'landed'"
    ),
}


def state(client: Client) -> State:
    """All rows of all tables the loader lands in, and how many there are of what must not be."""
    found: State = {}
    for name, (columns, table) in _TABLES.items():
        rows: Any = client.query(f"SELECT {columns} FROM xapi.{table} ORDER BY ALL").result_rows
        found[name] = [list(row) for row in rows]
    found["wrong"] = {
        what: count for what, query in _WRONG.items() if (count := int(str(client.command(query))))
    }
    return found
