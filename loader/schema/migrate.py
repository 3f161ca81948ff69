"""Bring a warehouse to the schema this loader needs, one numbered step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from loader.engine import engine_errors
from loader.errors import LoaderError
from loader.schema import access, dumps, tables
from loader.schema.references import reference_tables
from loader.schema.tables import Table
from loader.settings import Settings, Target

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Step = Callable[[Settings], list[str]]


def initialise(client: Client, settings: Settings) -> list[str]:
    """Apply every step this warehouse has not had; the steps applied, in words.

    Safe to repeat and to interrupt: each statement of a step can run twice.
    Raises LoaderError when the warehouse was made by a later loader.
    """
    with engine_errors():
        for statement in _foundation(settings):
            client.command(statement)
        version = _version(client)
        _refuse_later(version)
        done = []
        for number, (description, step) in enumerate(STEPS, start=1):
            if number <= version:
                continue
            for statement in step(settings):
                client.command(statement)
            client.command(
                f"INSERT INTO {tables.RAW}.schema_versions (version, description) "
                "VALUES ({version:UInt32}, {description:String})",
                parameters={"version": number, "description": description},
            )
            done.append(f"{number}: {description}")
    return done


def is_current(client: Client) -> bool:
    """Whether `initialise` has nothing to do; LoaderError if a later loader was here."""
    version = schema_version(client)
    if version is None:
        return False
    _refuse_later(version)
    return version == len(STEPS)


def schema_version(client: Client) -> int | None:
    """The number of the last step that was applied; None where no loader has been."""
    with engine_errors():
        if not int(str(client.command(f"EXISTS TABLE {tables.RAW}.schema_versions"))):
            return None
        return _version(client)


def schema_statements(settings: Settings) -> list[str]:
    """Every statement that makes a whole warehouse, in their order."""
    steps = (statement for _, step in STEPS for statement in step(settings))
    return [*_foundation(settings), *steps]


def require_current(client: Client) -> None:
    """Raise LoaderError unless `loader init` has made this warehouse."""
    if not is_current(client):
        raise LoaderError("This warehouse has no tables yet (or old ones): run `loader init`.")


def _version(client: Client) -> int:
    return int(str(client.command(f"SELECT max(version) FROM {tables.RAW}.schema_versions")))


def _refuse_later(version: int) -> None:
    if version > len(STEPS):
        raise LoaderError(
            f"This warehouse has schema version {version}, this loader knows {len(STEPS)}: "
            "upgrade xapi-warehouse."
        )


def create_table(table: Table, settings: Settings) -> list[str]:
    """The statements that make `table` on the target: one, or local and distributed."""
    options = (*table.settings, *_insert_settings(settings))
    if settings.target is not Target.CLUSTER:
        return [_create(f"{table.database}.{table.name}", table, table.engine, options)]
    cluster = f" ON CLUSTER `{settings.cluster}`"
    if not table.sharding_key:
        # One path for all shards: each node is a replica of the whole.
        path = f"'/clickhouse/tables/{table.database}/{table.name}', '{{shard}}_{{replica}}'"
        engine = f"Replicated{table.engine}({path})"
        return [_create(f"{table.database}.{table.name}", table, engine, options, cluster)]
    local = f"{table.database}.{table.name}_local"
    return [
        _create(local, table, f"Replicated{table.engine}", options, cluster),
        f"CREATE TABLE IF NOT EXISTS {table.database}.{table.name}{cluster} AS {local} "
        f"ENGINE = Distributed(`{settings.cluster}`, {table.database}, {table.name}_local, "
        f"{table.sharding_key})",
    ]


def _insert_settings(settings: Settings) -> tuple[tuple[str, str], ...]:
    """What makes inserts into a table safe to repeat, and their rows safe from a power cut."""
    prefix = "" if settings.target is Target.CLUSTER else "non_"
    window = str(tables.DEDUPLICATION_WINDOW)
    return ((f"{prefix}replicated_deduplication_window", window), *tables.DURABLE)


def _create(
    name: str, table: Table, engine: str, options: tuple[tuple[str, str], ...], cluster: str = ""
) -> str:
    partition = f" PARTITION BY {table.partition_by}" if table.partition_by else ""
    written = ", ".join(f"{key} = {value}" for key, value in options)
    settings = f" SETTINGS {written}" if written else ""
    return (
        f"CREATE TABLE IF NOT EXISTS {name}{cluster} ({table.columns}) ENGINE = {engine}"
        f"{partition} ORDER BY {table.order_by}{settings}"
    )


def _foundation(settings: Settings) -> list[str]:
    cluster = f" ON CLUSTER `{settings.cluster}`" if settings.target is Target.CLUSTER else ""
    databases = [f"CREATE DATABASE IF NOT EXISTS {name}{cluster}" for name in tables.DATABASES]
    return databases + create_table(tables.SCHEMA_VERSIONS, settings)


def _raw_tables(settings: Settings) -> list[str]:
    return [statement for table in tables.RAW_TABLES for statement in create_table(table, settings)]


def _statement_id_view(settings: Settings) -> list[str]:
    on_cluster = settings.target is Target.CLUSTER
    cluster = f" ON CLUSTER `{settings.cluster}`" if on_cluster else ""
    suffix = "_local" if on_cluster else ""
    select = tables.STATEMENT_IDS_SELECT.format(raw=f"{tables.RAW}.xapi_events_all{suffix}")
    return [
        f"CREATE MATERIALIZED VIEW IF NOT EXISTS {tables.RAW}.statement_ids_mv{cluster} "
        f"TO {tables.RAW}.statement_ids{suffix} AS {select}"
    ]


def _arrivals_projection(settings: Settings) -> list[str]:
    """How many statements landed at which moment, kept with them: nobody has to count again."""
    on_cluster = settings.target is Target.CLUSTER
    raw = f"{tables.RAW}.xapi_events_all"
    altered = f"{raw}_local ON CLUSTER `{settings.cluster}`" if on_cluster else raw
    return [
        f"ALTER TABLE {altered} MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', "
        "lightweight_mutation_projection_mode = 'rebuild'",
        f"ALTER TABLE {altered} ADD PROJECTION IF NOT EXISTS by_arrival "
        "(SELECT received_at, count() GROUP BY received_at)",
        f"ALTER TABLE {altered} MATERIALIZE PROJECTION by_arrival",
    ]


def _event_sinks(settings: Settings) -> list[str]:
    return [
        statement
        for table in dumps.EVENT_SINKS.values()
        for statement in create_table(table, settings)
    ]


def _pulls(settings: Settings) -> list[str]:
    return create_table(tables.PULLS, settings)


def _resolved_rejects(settings: Settings) -> list[str]:
    """Which rejects were resolved, and in the rejects what finds them there."""
    rejects = f"{tables.RAW}.rejected_statements"
    altered = [rejects]
    if settings.target is Target.CLUSTER:
        cluster = f" ON CLUSTER `{settings.cluster}`"
        altered = [f"{rejects}_local{cluster}", f"{rejects}{cluster}"]
    return [
        *(
            f"ALTER TABLE {name} "
            "ADD COLUMN IF NOT EXISTS raw_hash UInt64 DEFAULT xxHash64(raw) CODEC(NONE)"
            for name in altered
        ),
        *create_table(tables.RESOLVED_REJECTS, settings),
    ]


def _course_grants(settings: Settings) -> list[str]:
    made = [
        statement for table in access.ACCESS_TABLES for statement in create_table(table, settings)
    ]
    return [*made, _access_view("current_course_grants", access.CURRENT_COURSE_GRANTS, settings)]


def _learner_accounts(settings: Settings) -> list[str]:
    return [_access_view("learner_accounts", access.LEARNER_ACCOUNTS, settings)]


def _access_view(name: str, select: str, settings: Settings) -> str:
    cluster = f" ON CLUSTER `{settings.cluster}`" if settings.target is Target.CLUSTER else ""
    return f"CREATE VIEW IF NOT EXISTS {tables.ACCESS}.{name}{cluster} AS {select}"


def _interrupted_loads(settings: Settings) -> list[str]:
    made = (tables.LOAD_CHUNKS, tables.TURNS)
    return [statement for table in made for statement in create_table(table, settings)]


def _safe_inserts(settings: Settings) -> list[str]:
    """For tables that earlier steps of an earlier loader made without it."""
    written = ", ".join(f"{name} = {value}" for name, value in _insert_settings(settings))
    on_cluster = settings.target is Target.CLUSTER
    suffix = f"_local ON CLUSTER `{settings.cluster}`" if on_cluster else ""
    return [
        f"ALTER TABLE {table.database}.{table.name}{suffix} MODIFY SETTING {written}"
        for table in (
            *tables.RAW_TABLES,
            tables.PULLS,
            tables.RESOLVED_REJECTS,
            *dumps.EVENT_SINKS.values(),
        )
    ]


def _packed_hashes(settings: Settings) -> list[str]:
    column = "ADD COLUMN IF NOT EXISTS packed_hash String AFTER content_hash"
    if settings.target is not Target.CLUSTER:
        return [f"ALTER TABLE {tables.RAW}.loads {column}"]
    return [
        f"ALTER TABLE {tables.RAW}.loads{suffix} ON CLUSTER `{settings.cluster}` {column}"
        for suffix in ("_local", "")
    ]


def _superset(settings: Settings) -> list[str]:
    return [
        statement for table in tables.SUPERSET_TABLES for statement in create_table(table, settings)
    ]


# Numbered by their place, never changed once released: a later change is a later step.
STEPS: tuple[tuple[str, Step], ...] = (
    ("raw statements, rejects and loads", _raw_tables),
    ("look-up of statements by id", _statement_id_view),
    ("course, block, tag and user dumps", _event_sinks),
    ("verbs, activity types and subjects, where missing", reference_tables),
    ("statements counted by the moment they landed", _arrivals_projection),
    ("how far each LRS was pulled", _pulls),
    ("rejects that were resolved", _resolved_rejects),
    ("who may see which course", _course_grants),
    ("chunks of loads, so that one that was cut short goes on", _interrupted_loads),
    ("inserts that can be repeated, and survive a power cut", _safe_inserts),
    ("who is which learner", _learner_accounts),
    ("compressed files, so that they are known again", _packed_hashes),
    ("what Superset is used for", _superset),
)
