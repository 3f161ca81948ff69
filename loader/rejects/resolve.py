"""Mark rejects as resolved: the last thing that is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from loader.engine import engine_errors, insert_rows
from loader.loads import INSERT_SETTINGS
from loader.rejects.selection import REJECTS, RESOLVED, Reject, Wanted

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


class Resolution(str, Enum):
    """Why a reject needs nobody any more."""

    LANDED = "landed"  # its text is in the warehouse now
    REPLACED = "replaced"  # a corrected text is
    DISMISSED = "dismissed"  # somebody said so


_COLUMNS = "received_at, load_id, line, byte_offset, raw_hash, resolution, resolved_by"


def mark(
    client: Client, rejects: Sequence[Reject], resolution: Resolution, resolved_by: UUID
) -> None:
    """Say of rejects that a load has resolved them.

    This comes after their texts have landed. Whoever dies before leaves rejects that the
    next retry finds as duplicates.
    """
    if not rejects:
        return
    rows = [
        [one.received_at.replace(tzinfo=timezone.utc), *one.key, resolution.value, resolved_by]
        for one in rejects
    ]
    with engine_errors():
        insert_rows(client, RESOLVED, _COLUMNS.split(", "), rows, INSERT_SETTINGS)


def dismiss_rejects(client: Client, wanted: Wanted) -> int:
    """Say of rejects that nothing will be done about them; returns how many these were.

    They stay where they are, and are not listed, retried or counted in the reports any more.
    """
    with engine_errors():
        ((count,),) = client.query(
            f"SELECT count() FROM {REJECTS} WHERE {wanted.condition}",
            parameters=wanted.parameters,
        ).result_rows
        if count:
            client.command(
                f"INSERT INTO {RESOLVED} ({_COLUMNS}) "
                "SELECT received_at, load_id, line, byte_offset, raw_hash, "
                f"'{Resolution.DISMISSED.value}', toUUID('{UUID(int=0)}') "
                f"FROM {REJECTS} WHERE {wanted.condition}",
                parameters=wanted.parameters,
                settings=INSERT_SETTINGS,
            )
    return int(count)
