"""The base tables of a warehouse, found by their columns: no list to forget one from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loader.engine import quoted
from loader.schema.tables import DATABASES, SINK
from loader.settings import Settings, Target

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# dbt's published databases: reporting, and what is kept apart from it.
PUBLISHED = "reporting"


@dataclass(frozen=True)
class Column:
    """A column; values of a key cannot be changed, only rows deleted."""

    name: str
    type: str
    is_key: bool

    @property
    def holds_text(self) -> bool:
        return "String" in self.type

    @property
    def is_plain_text(self) -> bool:
        """Whether its values are text, and not lists or the like with text in them."""
        return not any(kind in self.type for kind in ("Array(", "Tuple(", "Map("))

    @property
    def is_changeable(self) -> bool:
        """Whether text in it can be replaced: a map cannot be made of text."""
        return not self.is_key and "Map(" not in self.type


@dataclass(frozen=True)
class BaseTable:
    """A table with rows of its own, on each node of a cluster."""

    database: str
    name: str
    columns: tuple[Column, ...]

    def __str__(self) -> str:
        return f"{self.database}.{self.name}"

    def has(self, *names: str) -> bool:
        found = {column.name for column in self.columns}
        return found.issuperset(names)

    @property
    def texts(self) -> list[Column]:
        return [column for column in self.columns if column.holds_text]

    @property
    def holds_statements(self) -> bool:
        """Whether it has statements as they landed."""
        return self.has("event_id", "event")

    @property
    def is_index(self) -> bool:
        """Whether it tells of statements by their id alone."""
        return self.has("event_id") and not self.has("event") and not self.has("actor_id")

    @property
    def holds_rejects(self) -> bool:
        """Whether it has lines that could not land."""
        return self.has("raw", "reason")


def base_tables(client: Client) -> list[BaseTable]:
    """The tables of the warehouse, in the order in which a person is removed from them.

    The index by id comes before the statements that tell whose the ids are, and these before
    what a run of dbt makes of them. Profiles tell who a person is, so they come last: the
    command that was interrupted still finds all of it.
    """
    rows = client.query(
        "SELECT database, table, name, type, is_in_sorting_key OR is_in_partition_key AS is_key "
        "FROM system.columns WHERE (database, table) IN ("
        "SELECT database, name FROM system.tables WHERE engine LIKE '%MergeTree' "
        f"AND (database IN ({', '.join(map(quoted, DATABASES))}) "
        f"OR startsWith(database, '{PUBLISHED}'))) "
        "AND default_kind != 'ALIAS' ORDER BY database, table, position"
    ).result_rows
    columns: dict[tuple[str, str], list[Column]] = {}
    for database, table, name, kind, is_key in rows:
        columns.setdefault((database, table), []).append(Column(name, kind, bool(is_key)))
    found = [BaseTable(*place, tuple(its)) for place, its in columns.items()]
    return sorted(found, key=_turn)


def _turn(table: BaseTable) -> tuple[int, str]:
    turns = (table.is_index, table.holds_statements, table.holds_rejects, table.database != SINK)
    return (*turns, True).index(True), str(table)


def rows_of(table: BaseTable, settings: Settings) -> str:
    """Where to read every copy of the table's rows, on every node."""
    if settings.target is Target.CLUSTER:
        cluster = quoted(settings.cluster)
        return f"clusterAllReplicas({cluster}, {table.database}, {quoted(table.name)})"
    return f"{table.database}.{quoted_name(table.name)}"


def alteration(table: BaseTable, change: str, settings: Settings) -> str:
    """A statement that rewrites rows, on every node, and returns when that is done."""
    return (
        f"ALTER TABLE {table.database}.{quoted_name(table.name)}{_on_cluster(settings)} {change} "
        "SETTINGS mutations_sync = 2, distributed_ddl_task_timeout = -1"
    )


def forgotten_changes(tables: Iterable[BaseTable], settings: Settings) -> str:
    """A statement after which the engine has no record of finished changes to these tables.

    It keeps the text of the last hundred of each, and that names the person.
    """
    names = ", ".join(f"({quoted(table.database)}, {quoted(table.name)})" for table in tables)
    return (
        f"KILL MUTATION{_on_cluster(settings)} "
        f"WHERE is_done AND (database, table) IN ({names}) SYNC"
    )


def _on_cluster(settings: Settings) -> str:
    return f" ON CLUSTER `{settings.cluster}`" if settings.target is Target.CLUSTER else ""


def quoted_name(name: str) -> str:
    """An identifier of ClickHouse's SQL."""
    return f"`{name}`"
