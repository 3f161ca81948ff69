"""Who a person is, as the latest dumps of users and of their external ids say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loader.engine import engine_errors, quoted
from loader.schema.tables import SINK

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_DUMPED = "(parseDateTime64BestEffortOrZero(time_last_dumped, 6, 'UTC'), received_at)"

# Everything that ever named a user, and when a dump said so.
_NAMED = f"""
    SELECT 'username' AS kind, username AS value, user_id, {_DUMPED} AS dumped
    FROM {SINK}.user_profile
    UNION ALL
    SELECT 'email', lower(email), user_id, {_DUMPED} FROM {SINK}.user_profile
    UNION ALL
    SELECT 'username', username, user_id, {_DUMPED} FROM {SINK}.external_id
    UNION ALL
    SELECT 'external_id', toString(external_user_id), user_id, {_DUMPED} FROM {SINK}.external_id
    WHERE external_id_type = 'xapi'
"""


@dataclass(frozen=True)
class Profiles:
    """What profiles tell of one person."""

    user_ids: tuple[int, ...] = ()
    usernames: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()  # in lower case
    external_ids: tuple[str, ...] = ()


def find_profiles(
    client: Client,
    usernames: Iterable[str] = (),
    emails: Iterable[str] = (),
    external_ids: Iterable[str] = (),
) -> Profiles:
    """The users that any of these name, and all that names them.

    A name that passed from one user to another belongs to the one whose dump is the latest.
    """
    pairs = [
        *(("username", one) for one in usernames),
        *(("email", one.lower()) for one in emails),
        *(("external_id", one.lower()) for one in external_ids),
    ]
    if not pairs:
        return Profiles()
    asked = ", ".join(f"({quoted(kind)}, {quoted(value)})" for kind, value in pairs)
    with engine_errors():
        rows = client.query(
            f"WITH owners AS (SELECT kind, value, argMax(user_id, dumped) AS owner FROM ({_NAMED}) "
            "WHERE value != '' GROUP BY kind, value) SELECT kind, value, owner FROM owners "
            f"WHERE owner IN (SELECT owner FROM owners WHERE (kind, value) IN ({asked})) "
            "ORDER BY kind, value"
        ).result_rows
    found = {
        kind: tuple(value for its, value, _ in rows if its == kind)
        for kind in ("username", "email", "external_id")
    }
    user_ids = tuple(sorted({owner for _, _, owner in rows}))
    return Profiles(user_ids, found["username"], found["email"], found["external_id"])
