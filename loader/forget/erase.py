"""Find all that a warehouse has of a person, remove it, and count again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loader.engine import engine_errors, quoted
from loader.forget.person import Person
from loader.forget.tables import (
    BaseTable,
    alteration,
    base_tables,
    forgotten_changes,
    rows_of,
)
from loader.forget.traces import Traces
from loader.forget.voidings import keep_voidings
from loader.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

LONG_QUERIES: dict[str, Any] = {"max_query_size": 256 * 1024 * 1024}

Progress = Callable[[int, int], None]
"""Told how many tables are done, and of how many rows in them."""


@dataclass(frozen=True)
class Found:
    """Rows of a table that are of a person, and rows of others that mention them."""

    table: BaseTable
    theirs: int
    mentioned: int

    @property
    def rows(self) -> int:
        return self.theirs + self.mentioned


class Erasure:
    """One person in one warehouse: first to be found there, then to be removed."""

    def __init__(self, client: Client, settings: Settings, person: Person) -> None:
        self._client = client
        self._settings = settings
        self.tables = base_tables(client)
        # The index knows statements by id alone: which ones, only their texts tell.
        self._ids = self._find_ids(Traces(person))
        self._traces = Traces(person, self._ids)

    def find(self, progress: Progress | None = None) -> list[Found]:
        """Count what each table has of the person, and what mentions them.

        Raises LoaderError when the engine refuses.
        """
        found: list[Found] = []
        with engine_errors():
            for table in self.tables:
                found.append(self._count(table))
                if progress:
                    progress(len(found), sum(one.rows for one in found))
        return found

    def remove(self, found: Sequence[Found], progress: Progress | None = None) -> None:
        """Rewrite the tables in which the person was found, without them.

        It can be cut short anywhere: found and removed again, nothing is left. Raises
        LoaderError when the engine refuses.
        """
        with engine_errors():
            now = str(self._client.command("SELECT toString(now64(6, 'UTC'))"))
            for done, one in enumerate(found, start=1):
                if one.rows:
                    self._rewrite(one, now)
                if progress:
                    progress(done, one.rows)
            self._client.command(forgotten_changes(self.tables, self._settings))

    def _rewrite(self, found: Found, now: str) -> None:
        table = found.table
        changes = self._traces.changes(table)
        if found.mentioned and changes:
            if table.has("staged_at"):
                # For the next run of dbt it is new, so what rests on it is worked out again.
                changes.append(f"staged_at = toDateTime64({quoted(now)}, 6, 'UTC')")
            self._alter(table, f"UPDATE {', '.join(changes)} WHERE {self._traces.mentioned(table)}")
        if table.holds_statements:
            rows = rows_of(table, self._settings)
            keep_voidings(self._client, rows, self._traces.theirs(table), set(self._ids))
        if found.theirs or not all(column.is_changeable for column in table.texts):
            for condition in self._traces.removals(table):
                self._alter(table, f"DELETE WHERE {condition}")

    def _alter(self, table: BaseTable, change: str) -> None:
        self._client.command(alteration(table, change, self._settings), settings=LONG_QUERIES)

    def _count(self, table: BaseTable) -> Found:
        answer = self._client.query(
            f"SELECT countIf({self._traces.theirs(table)}), "
            f"countIf({self._traces.mentioned(table)}) FROM {rows_of(table, self._settings)}",
            settings=LONG_QUERIES,
        )
        return Found(table, *answer.result_rows[0])

    def _find_ids(self, traces: Traces) -> list[str]:
        ids: set[str] = set()
        with engine_errors():
            for table in self.tables:
                if table.holds_statements:
                    answer = self._client.query(
                        f"SELECT DISTINCT toString(event_id) FROM {rows_of(table, self._settings)} "
                        f"WHERE {traces.theirs(table)}"
                    )
                    ids.update(row[0] for row in answer.result_rows)
        return sorted(ids)
