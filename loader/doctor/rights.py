"""May we do what the loader does, and what dbt does? Both log in as the same user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from loader.doctor.check import Check, failed, ok
from loader.forget.tables import PUBLISHED
from loader.schema.tables import ACCESS, RAW, SINK

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Rights = Mapping[str, tuple[str, ...]]
"""Privileges, by what they are on."""

_WRITER = ("SELECT", "INSERT", "ALTER TABLE", "CREATE DATABASE", "CREATE TABLE", "CREATE VIEW")
_BUILDER = (*_WRITER, "TRUNCATE", "DROP TABLE", "DROP VIEW")

# Tests do everything as a user who has these and nothing else.
LOADER_RIGHTS: Rights = {
    f"{RAW}.*": _WRITER,
    f"{SINK}.*": _WRITER,
    f"{ACCESS}.*": _WRITER,
    "system.*": ("SELECT",),  # `loader forget` waits for changes, `loader doctor` looks around
    "*": ("TABLE ENGINE",),
}
DBT_RIGHTS: Rights = {
    f"{RAW}.*": _BUILDER,
    f"{SINK}.*": ("SELECT",),
    f"{PUBLISHED}.*": _BUILDER,
    f"{PUBLISHED}_pii.*": _BUILDER,
    "*": ("TABLE ENGINE",),
}


def loader_rights(client: Client) -> Check:
    """Whether the user may make the raw tables, write to them, and forget a person."""
    return _check(client, "rights of loader", LOADER_RIGHTS)


def dbt_rights(client: Client) -> Check:
    """Whether the user may build the reports."""
    return _check(client, "rights of dbt", DBT_RIGHTS)


def _check(client: Client, name: str, rights: Rights) -> Check:
    user = str(client.command("SELECT currentUser()"))
    grants = [
        f"GRANT {', '.join(missing)} ON {place} TO `{user}`"
        for place, wanted in rights.items()
        if (missing := [right for right in wanted if not _has(client, right, place)])
    ]
    if grants:
        return failed(name, f"user {user} lacks some", f"{'; '.join(grants)}.")
    return ok(name, f"user {user} has what it takes on {', '.join(rights)}")


def _has(client: Client, right: str, place: str) -> bool:
    return bool(int(str(client.command(f"CHECK GRANT {right} ON {place}"))))
