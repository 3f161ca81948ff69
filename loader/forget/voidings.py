"""A person's voidings of other people's statements, which must stay voided without them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from datetime import timezone
from typing import TYPE_CHECKING

from loader.engine import insert_rows
from loader.forget.patterns import FORGOTTEN_AGENT
from loader.loads import INSERT_SETTINGS
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def keep_voidings(client: Client, rows: str, theirs: str, ids: Collection[str]) -> None:
    """Land, for each statement of others that they voided, a voiding by nobody.

    `rows` are raw statements, `theirs` says which are the person's, `ids` are those.
    """
    voidings = client.query(
        "SELECT DISTINCT emission_time, lower(JSONExtractString(event, 'object', 'id')) "
        f"FROM {rows} WHERE position(event, '{VOIDED}') > 0 "
        f"AND JSONExtractString(event, 'verb', 'id') = '{VOIDED}' "
        f"AND JSONExtractString(event, 'object', 'objectType') = 'StatementRef' AND ({theirs})"
    ).result_rows
    kept = []
    for time, target in voidings:
        if target in ids:
            continue
        made = str(uuid.uuid4())
        moment = time.replace(tzinfo=timezone.utc)
        statement = {
            "id": made,
            "actor": FORGOTTEN_AGENT,
            "verb": {"id": VOIDED},
            "object": {"objectType": "StatementRef", "id": target},
            "timestamp": moment.isoformat(),
        }
        kept.append([made, moment, json.dumps(statement)])
    if kept:
        names = ["event_id", "emission_time", "event"]
        insert_rows(client, f"{RAW}.xapi_events_all", names, kept, INSERT_SETTINGS)
