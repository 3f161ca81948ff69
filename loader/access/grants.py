"""`access.course_grants`: who may see which course, one whole dump at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from loader.engine import engine_errors, insert_rows
from loader.errors import InputError
from loader.loads import INSERT_SETTINGS
from loader.schema.tables import ACCESS

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from loader.loads import Load


def put_in_force(client: Client, load: Load) -> None:
    """Let the grants of this load be those that hold, and remove all others.

    They change in one moment: whoever asks sees the former ones or these. Raises InputError,
    and leaves the former ones in force, if the load has none: an export that failed must not
    shut everybody out.
    """
    if not load.counts.landed:
        raise InputError(
            f"{load.source} holds no grant, so those from before stay in force. To take all "
            f"away, TRUNCATE TABLE {ACCESS}.course_grants."
        )
    with engine_errors():
        insert_rows(client, f"{ACCESS}.grant_loads", ["load_id"], [[load.load_id]], INSERT_SETTINGS)
        for former in _others(client, load.load_id):
            client.command(f"ALTER TABLE {ACCESS}.course_grants DROP PARTITION '{former}'")


def _others(client: Client, load_id: UUID) -> list[UUID]:
    found = client.query(
        f"SELECT DISTINCT load_id FROM {ACCESS}.course_grants WHERE load_id != {{current:UUID}}",
        parameters={"current": load_id},
    )
    return [former for (former,) in found.result_rows]
