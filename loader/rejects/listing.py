"""What did not land: how much of it, which lines, and all about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loader.engine import engine_errors
from loader.envelope import Reason
from loader.errors import LoaderError, UsageError
from loader.known import known_texts, look_up
from loader.rejects.differences import differences
from loader.rejects.judging import identified
from loader.rejects.remedies import remedy
from loader.rejects.selection import (
    KEY,
    REJECTS,
    RESOLVED,
    Reject,
    Wanted,
    read_rejects,
)
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def list_rejects(client: Client, wanted: Wanted, limit: int) -> list[Reject]:
    """The first rejects, the loads that were last before others, by source and place."""
    return read_rejects(client, wanted, limit, f"received_at DESC, source, {KEY}")


@dataclass(frozen=True)
class Landed:
    """The statement that landed first with the id of a reject."""

    source: str
    received_at: datetime
    load_id: UUID
    text: bytes
    differences: tuple[str, ...]  # the members in which the two differ


@dataclass(frozen=True)
class Shown:
    """All about one reject."""

    reject: Reject
    raw: bytes
    remedy: str
    landed: Landed | None = None  # of a conflict
    resolution: str = ""
    resolved_at: datetime | None = None
    resolved_by: UUID | None = None


def show_reject(client: Client, identifier: str) -> Shown:
    """All about the reject with this id, of which the first digits are enough.

    Raises LoaderError if there is none, UsageError if several begin so.
    """
    wanted = Wanted(ids=(identifier,), resolved_too=True)
    found = {one.id: one for one in read_rejects(client, wanted, 10)}
    if not found:
        raise LoaderError(
            f"No rejected line has the id {identifier}: `loader rejects list` shows the ids."
        )
    if len(found) > 1:
        raise UsageError(f"Several ids begin so: {', '.join(found)}. Give more digits.")
    (reject,) = found.values()
    with engine_errors():
        ((raw,), *_) = client.query(
            f"SELECT raw FROM {REJECTS} WHERE {_IS_IT} LIMIT 1",
            parameters=_parameters(reject),
            column_formats={"raw": "bytes"},
        ).result_rows
        resolved = client.query(
            "SELECT toString(resolution), resolved_at, resolved_by "
            f"FROM {RESOLVED} WHERE {_IS_IT} ORDER BY resolved_at LIMIT 1",
            parameters=_parameters(reject),
        ).result_rows
        landed = _landed(client, raw) if reject.reason == Reason.ID_CONFLICT.value else None
    return Shown(reject, raw, remedy(reject.reason), landed, *(resolved[0] if resolved else ()))


_IS_IT = (
    "load_id = {load_id:UUID} AND line = {line:UInt64} "
    "AND byte_offset = {byte:UInt64} AND raw_hash = {hash:UInt64}"
)


def _parameters(reject: Reject) -> dict[str, Any]:
    return dict(zip(("load_id", "line", "byte", "hash"), reject.key, strict=True))


def _landed(client: Client, raw: bytes) -> Landed | None:
    """Who has the id that a reject claims; None if nobody has it any more."""
    key = identified(raw)
    known = look_up(client, key) if key else {}
    if key not in known:
        return None
    texts = known_texts(client, known)
    places = client.query(
        f"SELECT source, received_at, load_id FROM {RAW}.xapi_events_all "
        "WHERE event_id = {event_id:UUID} ORDER BY received_at, xxHash64(event) LIMIT 1",
        parameters={"event_id": UUID(bytes=key)},
    ).result_rows
    if not places or key not in texts:
        return None
    source, received_at, load_id = places[0]
    text = texts[key]
    return Landed(source, received_at, load_id, text, tuple(differences(raw, text)))
