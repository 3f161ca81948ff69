"""Merges of the raw table, which can wait while a load fills an embedded warehouse."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

TABLE = f"{RAW}.xapi_events_all"

# The engine slows inserts down from 1,000 on.
MOST_PARTS = 100


class PutOff:
    """While it is open, the engine in this process merges nothing of the raw table.

    Embedded, merges take the processor from the load, and end with its process, mostly before
    they are done. When there are many parts they are let go on: those of the next process may
    be as short.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_on = False

    def __enter__(self) -> PutOff:
        if not _has_many(self._client):
            self._client.command(f"SYSTEM STOP MERGES {TABLE}")
            self._is_on = True
        return self

    def inserted(self, client: Client) -> None:
        """To be told of each insert, with the connection that it went over."""
        if self._is_on and _has_many(client):
            self._let_go_on(client)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._is_on:
            self._let_go_on(self._client)

    def _let_go_on(self, client: Client) -> None:
        self._is_on = False
        client.command(f"SYSTEM START MERGES {TABLE}")


def _has_many(client: Client) -> bool:
    parts = client.command(
        "SELECT count() FROM system.parts WHERE active "
        f"AND database = '{RAW}' AND table = 'xapi_events_all'"
    )
    return int(str(parts)) >= MOST_PARTS
