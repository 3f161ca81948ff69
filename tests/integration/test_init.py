"""Making a warehouse: whole, repeatable, never over what is there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.errors import LoaderError
from loader.schema import EVENT_SINKS, SINK_COLUMNS, initialise, is_current, require_current
from loader.schema.migrate import STEPS
from loader.schema.references import NAMES
from tests.command import Command
from tests.statements import lines, statement
from tests.warehouse import Warehouse

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def bare(warehouse: Warehouse) -> Iterator[Warehouse]:
    """An engine without a warehouse."""
    drop_everything(warehouse)
    yield warehouse
    drop_everything(warehouse)


def drop_everything(warehouse: Warehouse) -> None:
    for database in ("xapi", "event_sink"):
        warehouse.client.command(f"DROP DATABASE IF EXISTS {database} SYNC")


def tables(warehouse: Warehouse) -> set[str]:
    found = warehouse.rows(
        "SELECT database || '.' || name FROM system.tables "
        "WHERE database IN ('xapi', 'event_sink', 'access') AND name NOT LIKE '.inner%'"
    )
    return {name for (name,) in found}


def test_from_nothing_to_current(bare: Warehouse) -> None:
    assert not is_current(bare.client)
    with pytest.raises(LoaderError, match="run `loader init`"):
        require_current(bare.client)
    done = initialise(bare.client, bare.settings)
    assert len(done) == len(STEPS)
    assert is_current(bare.client)
    require_current(bare.client)
    raw = {
        "xapi_events_all",
        "statement_ids",
        "statement_ids_mv",
        "rejected_statements",
        "loads",
        "pulls",
        "load_chunks",
        "turns",
        "resolved_rejects",
        "superset_actions",
        "superset_users",
        "superset_assets",
    }
    assert tables(bare) == {
        *(f"xapi.{name}" for name in raw | {"schema_versions", *NAMES}),
        *(f"event_sink.{name}" for name in EVENT_SINKS),
        *(f"access.{name}" for name in ("course_grants", "grant_loads")),
        *(f"access.{name}" for name in ("current_course_grants", "learner_accounts")),
    }


def test_again_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1)))
    assert initialise(warehouse.client, warehouse.settings) == []
    assert len(warehouse.events) == 1


def test_an_interrupted_step_is_finished(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1)))
    warehouse.client.command("TRUNCATE TABLE xapi.schema_versions")
    warehouse.client.command("TRUNCATE TABLE xapi.verbs")
    warehouse.client.command("DROP TABLE event_sink.tag SYNC")
    assert len(initialise(warehouse.client, warehouse.settings)) == len(STEPS)
    assert warehouse.value("SELECT count() FROM event_sink.tag") == 0
    assert warehouse.value("SELECT count() FROM xapi.verbs") > 0
    assert len(warehouse.events) == 1


def test_a_later_loaders_warehouse_is_left_alone(bare: Warehouse) -> None:
    initialise(bare.client, bare.settings)
    bare.client.command("INSERT INTO xapi.schema_versions (version) VALUES (99)")
    for look in (lambda: initialise(bare.client, bare.settings), lambda: is_current(bare.client)):
        with pytest.raises(LoaderError, match=r"has schema version 99.*upgrade xapi-warehouse"):
            look()


@pytest.mark.parametrize("name", NAMES)
def test_reference_tables_hold_the_seeds(bare: Warehouse, name: str) -> None:
    initialise(bare.client, bare.settings)
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert sorted(bare.rows(f"SELECT * FROM xapi.{name}")) == sorted(map(tuple, rows))
    described = bare.rows(f"DESCRIBE TABLE xapi.{name}")
    assert [(column, kind) for column, kind, *_ in described] == [(one, "String") for one in head]


def test_reference_tables_that_are_there_stay(bare: Warehouse) -> None:
    initialise(bare.client, bare.settings)
    bare.client.command("TRUNCATE TABLE xapi.schema_versions")
    bare.client.command("INSERT INTO xapi.verbs VALUES ('x:mine', 'mine')")
    count = bare.value("SELECT count() FROM xapi.verbs")
    initialise(bare.client, bare.settings)
    assert bare.value("SELECT count() FROM xapi.verbs") == count


@pytest.mark.parametrize("table", EVENT_SINKS)
def test_event_sinks_have_the_columns_open_edx_sends(warehouse: Warehouse, table: str) -> None:
    found = [column for column, *_ in warehouse.rows(f"DESCRIBE TABLE event_sink.{table}")]
    assert found == [*SINK_COLUMNS[table], "received_at"]


def test_the_command_says_what_it_did(command: Command) -> None:
    first = command("init")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.count("\n  made ") == len(STEPS)
    assert first.stdout.splitlines()[-1].startswith("Next: `loader ingest FILE`")
    again = command("init")
    assert (again.returncode, again.stderr) == (0, "")
    assert "\n  is up to date, nothing to do\n" in again.stdout
