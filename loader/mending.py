"""What loaders that died have left of their last inserts is made whole, by whoever lands next.

In each block the engine commits the raw table before the index by id. So an insert that was cut
short can have left statements that the index lacks, and never the other way round.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loader.attempts import Attempts
from loader.load_chunks import (
    COLUMNS,
    EVENTS,
    REJECTS,
    TABLE,
    Moment,
    insert_id,
    moment_in_sql,
)
from loader.loads import insert_settings
from loader.schema.tables import RAW, STATEMENT_IDS_SELECT

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_IDS = f"{RAW}.statement_ids"
_FIRST_LOOK, _LAST_LOOK = 0.05, 1.0  # seconds between two looks whether an insert is over

# Begun, and neither landed nor mended.
_UNFINISHED = f"""
    SELECT DISTINCT load_id, toUnixTimestamp64Micro(received_at) FROM {TABLE}
    WHERE state = 'begun' AND (load_id, received_at) NOT IN (
        SELECT load_id, received_at FROM {TABLE}
        WHERE state != 'begun' AND load_id IN (SELECT load_id FROM {TABLE} WHERE state = 'begun')
    )
    ORDER BY ALL
"""


def mend(client: Client, attempts: Attempts) -> None:
    """Give statements their entries in the index, and remove rejects of batches unfinished.

    Who goes on with such a load inserts its rejects again, and finds its statements by their
    moment. To be called while it is our turn, so that nobody else is at it. It can be cut short
    anywhere. Raises LoaderError when the engine refuses.
    """

    def query(sql: str) -> Sequence[Any]:
        return attempts(lambda: client.query(sql).result_rows)

    unfinished: list[tuple[UUID, Moment]] = [(row[0], row[1]) for row in query(_UNFINISHED)]
    if not unfinished:
        return
    _wait_for_inserts(query, [insert_id(*batch) for batch in unfinished])
    moments = ", ".join(moment_in_sql(moment) for _, moment in unfinished)
    theirs = f"FROM {EVENTS} WHERE received_at IN ({moments})"
    batches = ", ".join(f"('{load_id}', {moment_in_sql(moment)})" for load_id, moment in unfinished)
    are_theirs = f"(load_id, received_at) IN ({batches})"
    rejects = f"FROM {REJECTS} WHERE {are_theirs}"
    statements = [
        f"INSERT INTO {_IDS} {STATEMENT_IDS_SELECT.format(raw=EVENTS)} "
        f"WHERE received_at IN ({moments}) AND (event_id, received_at) NOT IN "
        f"(SELECT event_id, received_at FROM {_IDS} WHERE event_id IN (SELECT event_id {theirs}))",
        *([f"DELETE {rejects}"] if query(f"SELECT count() {rejects}")[0][0] else []),
        f"INSERT INTO {TABLE} ({COLUMNS}) "
        "SELECT * EXCEPT written_at REPLACE('mended' AS state) "
        # An alias would count in the condition too.
        f"FROM (SELECT * FROM {TABLE} WHERE {are_theirs} AND state = 'begun')",
    ]
    for number, statement in enumerate(statements):
        # Another time is another insert: what is lacking then is not what was lacking now.
        settings = insert_settings(f"mending {time.time_ns()} {number}")
        attempts(partial(client.command, statement, settings=settings))


def _wait_for_inserts(query: Callable[[str], Sequence[Any]], names: Sequence[str]) -> None:
    """Until none of them is still under way on the server, though who sent it is gone."""
    asked = ", ".join(f"'{name}'" for name in names)
    pause = _FIRST_LOOK
    while query(f"SELECT count() FROM system.processes WHERE query_id IN ({asked})")[0][0]:
        time.sleep(pause)
        pause = min(2 * pause, _LAST_LOOK)
