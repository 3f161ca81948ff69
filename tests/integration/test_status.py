"""What `loader status` says about a warehouse, and when reports are behind."""

from __future__ import annotations

import json

from loader.loads import Counts
from loader.overview import read_status
from tests.command import Command
from tests.statements import lines, statement
from tests.warehouse import Warehouse

GOOD = lines(
    statement(1, timestamp="2026-01-01T00:00:00Z"), statement(2, timestamp="2026-02-01T00:00:00Z")
)
CREATE = "CREATE TABLE xapi.{} ({}) ENGINE = MergeTree ORDER BY tuple()"
ARRIVALS = "received_at DateTime64(6, 'UTC'), statements UInt64, planned_at DateTime64(6, 'UTC')"
PROGRESS = "model String, seen_until DateTime64(6, 'UTC'), finished_at DateTime64(6, 'UTC')"


def make_dbt_tables(warehouse: Warehouse) -> None:
    """The tables in which dbt tells how far it is, as its macros make them."""
    warehouse.client.command(CREATE.format("stg_xapi__arrivals", ARRIVALS))
    warehouse.client.command(CREATE.format("model_progress", PROGRESS))


def plan(warehouse: Warehouse) -> None:
    """As the model stg_xapi__arrivals: note what has arrived."""
    warehouse.client.command(
        "INSERT INTO xapi.stg_xapi__arrivals SELECT received_at, count() AS statements, now64(6) "
        "FROM xapi.xapi_events_all GROUP BY received_at "
        "HAVING (received_at, statements) NOT IN "
        "(SELECT received_at, statements FROM xapi.stg_xapi__arrivals)"
    )


def stage(warehouse: Warehouse) -> None:
    """As the model stg_xapi__statements: see all that is planned."""
    warehouse.client.command(
        "INSERT INTO xapi.model_progress "
        "SELECT 'stg_xapi__statements', max(planned_at), now64(6) FROM xapi.stg_xapi__arrivals"
    )


def behind(warehouse: Warehouse) -> int:
    return read_status(warehouse.client, warehouse.settings).reporting.statements_behind


def test_an_empty_warehouse(warehouse: Warehouse) -> None:
    found = read_status(warehouse.client, warehouse.settings)
    assert found.initialised
    assert (found.statements, found.loads, found.totals) == (0, 0, Counts())
    assert (found.first_emission, found.last_emission, found.last_loads) == (None, None, ())
    assert (found.rejects, set(found.dumps.values())) == ({}, {0})
    assert not found.reporting.behind


def test_what_was_loaded(warehouse: Warehouse) -> None:
    warehouse.ingest(GOOD, "a.jsonl")
    conflict = lines(statement(1, timestamp="2026-01-02T00:00:00Z"))
    warehouse.ingest(GOOD + conflict + b"x\ny\n[]\n", "b.jsonl")
    found = read_status(warehouse.client, warehouse.settings)
    assert found.statements == 2
    assert str(found.first_emission)[:19] == "2026-01-01 00:00:00"
    assert str(found.last_emission)[:19] == "2026-02-01 00:00:00"
    assert (found.loads, found.totals) == (2, Counts(2, 2, 1, 3))
    assert found.rejects == {"invalid_json": 2, "id_conflict": 1, "not_an_object": 1}
    assert [load.counts for load in found.last_loads] == [Counts(0, 2, 1, 3), Counts(2, 0, 0, 0)]
    assert [load.source[-7:] for load in found.last_loads] == ["b.jsonl", "a.jsonl"]
    assert json.loads(json.dumps(found.as_object()))["reporting"]["statements_behind"] == 2


def test_only_the_last_loads_are_shown(warehouse: Warehouse) -> None:
    for number in range(7):
        warehouse.ingest(lines(statement(number + 1)), f"{number}.jsonl")
    found = read_status(warehouse.client, warehouse.settings)
    assert [load.source[-7:-6] for load in found.last_loads] == ["6", "5", "4", "3", "2"]


def test_reports_are_behind_until_staging_has_seen_the_plan(warehouse: Warehouse) -> None:
    assert behind(warehouse) == 0
    warehouse.ingest(GOOD)
    assert behind(warehouse) == 2
    make_dbt_tables(warehouse)
    assert behind(warehouse) == 2
    plan(warehouse)
    assert behind(warehouse) == 2
    stage(warehouse)
    assert behind(warehouse) == 0
    warehouse.ingest(lines(statement(3)))
    assert behind(warehouse) == 1
    plan(warehouse)
    assert behind(warehouse) == 1
    stage(warehouse)
    assert behind(warehouse) == 0


def test_a_row_that_became_visible_late_is_behind(warehouse: Warehouse) -> None:
    make_dbt_tables(warehouse)
    warehouse.ingest(GOOD)
    plan(warehouse)
    stage(warehouse)
    warehouse.client.command(
        "INSERT INTO xapi.xapi_events_all (event_id, emission_time, event, received_at) "
        "SELECT generateUUIDv4(), now(), '{}', max(received_at) - INTERVAL 1 MINUTE "
        "FROM xapi.xapi_events_all"
    )
    assert behind(warehouse) == 1


def test_a_later_dump_is_behind(warehouse: Warehouse) -> None:
    make_dbt_tables(warehouse)
    stage(warehouse)
    insert = "INSERT INTO event_sink.taxonomy (id, name) VALUES (1, 'Subjects')"
    warehouse.client.command(insert)
    reporting = read_status(warehouse.client, warehouse.settings).reporting
    assert (reporting.newer_dumps, reporting.behind) == (("taxonomy",), True)


def test_the_screen(command: Command) -> None:
    before = command("status")
    assert (before.returncode, before.stderr) == (0, "")
    assert "It has no tables yet" in before.stdout
    command("ingest", "-", stdin=GOOD + b"broken\n")
    done = command("status")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Statements  2, from 2026-01-01 00:00:00 to 2026-02-01 00:00:00\n" in done.stdout
    expected = "1 of 3 lines: 2 landed, 0 duplicates, 0 conflicts, 1 rejected"
    assert f"Loads       {expected}\n" in done.stdout
    assert "Rejects     1 invalid_json (`loader rejects list`)\n" in done.stdout
    assert "Reports     never built\n" in done.stdout
    assert done.stdout.endswith("Next: `dbt run` brings the reports up to date.\n")
    told = json.loads(command("status", "--json").stdout)
    assert (told["statements"], told["rejects"]) == (2, {"invalid_json": 1})
    assert told["last_emission"] == "2026-02-01T00:00:00Z"
