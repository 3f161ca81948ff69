"""Bring a server to the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from loader.access.plan import Plan
from loader.access.server import found_on
from loader.access.sql import removals, statements
from loader.engine import engine_errors

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def changes(
    client: Client, plan: Plan, hashes: Mapping[str, str] | None, cluster: str = ""
) -> list[str]:
    """The SQL that brings this server to the plan, what has to go last.

    Users are not removed where `hashes` is None, since then they are somebody else's business.
    """
    found = found_on(client)
    if hashes is None:
        del found["USER"]
    return [*statements(plan, hashes, cluster), *removals(plan, found, cluster)]


def run(client: Client, statements: Iterable[str]) -> None:
    """Run them in their order. Raises LoaderError at the first that is refused."""
    with engine_errors():
        for statement in statements:
            client.command(statement)
