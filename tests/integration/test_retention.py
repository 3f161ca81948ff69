"""Statements older than the retention go, what states know of them stays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from loader.forget import Erasure, Wanted, find_person
from loader.generate import GeneratorOptions, generate
from tests.reporting import Table, dbt, published, published_relations, records
from tests.statements import lines, statement
from tests.warehouse import Warehouse

KEEP_A_YEAR = '{"retention_months": 12}'
KEEP_HALF = '{"retention_months": 6}'
ERAS = [timedelta(days=3 * 365), timedelta(days=270), timedelta()]

# Lists of events: they show what is retained.
EVENTS = ("_events", "fct_statements")


def history(folder: Path) -> list[bytes]:
    """A platform's statements in three parts: long ago, within the year, and now."""
    options = GeneratorOptions(statements=600, seed=5, learners=6, courses=2, days=30)
    text = generate(folder, options).statements_path.read_text()
    told = sorted(map(json.loads, text.splitlines()), key=lambda one: str(one["timestamp"]))
    now = datetime.now(timezone.utc)
    to_now = now - datetime.fromisoformat(told[-1]["timestamp"])
    size = len(told) // len(ERAS)
    for number, one in enumerate(told):
        era = ERAS[min(number // size, len(ERAS) - 1)]
        one["timestamp"] = (datetime.fromisoformat(one["timestamp"]) + to_now - era).isoformat()
    return [lines(*told[:size]), lines(*told[size : 2 * size]), lines(*told[2 * size :])]


def reports(warehouse: Warehouse) -> dict[str, Table]:
    return published(warehouse.client, published_relations())


def states(tables: dict[str, Table]) -> dict[str, Table]:
    """What a cut leaves as it is."""
    return {name: rows for name, rows in tables.items() if not name.endswith(EVENTS)}


def older_than(warehouse: Warehouse, months: int) -> dict[str, int]:
    """By table, how many rows are from before the months that are kept."""
    tables = ("xapi_events_all", "statement_ids", "stg_xapi__statements")
    found = warehouse.rows(
        " UNION ALL ".join(
            f"SELECT '{name}', countIf(emission_time < toStartOfMonth(now('UTC')) "
            f"- INTERVAL {months} MONTH) FROM xapi.{name}"
            for name in tables
        )
    )
    return {name: count for name, count in found if count}


@pytest.mark.long
def test_states_are_what_they_would_be_without(warehouse: Warehouse, tmp_path: Path) -> None:
    parts = history(tmp_path)
    for content in parts:
        warehouse.ingest(content)
    dbt(warehouse.settings, "run")
    expected = reports(warehouse)

    warehouse.empty()
    for content in parts:
        warehouse.ingest(content)
        dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
        assert older_than(warehouse, 12) == {}
    assert older_than(warehouse, 6)
    assert states(reports(warehouse)) == states(expected)

    for options in ([], ["--full-refresh"]):
        dbt(warehouse.settings, "run", *options, variables=KEEP_HALF)
        assert older_than(warehouse, 6) == {}
        found = reports(warehouse)
        assert states(found) == states(expected)
        for name in set(expected) - set(states(expected)):
            assert set(map(repr, found[name])) <= set(map(repr, expected[name]))
        events = "reporting.fct_video_events"
        assert 0 < len(found[events]) < len(expected[events])
    dbt(warehouse.settings, "test", "--exclude-resource-type", "unit_test", variables=KEEP_HALF)


def test_what_comes_from_before_the_cut_does_not_count(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """A file loaded again, and a statement that nobody had seen."""
    old, _, new = history(tmp_path)
    warehouse.ingest(old)
    warehouse.ingest(new)
    dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
    before = reports(warehouse)
    warehouse.ingest(old)
    warehouse.ingest(lines(statement(1, timestamp="2020-02-01T10:00:00Z")))
    dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
    assert reports(warehouse) == before
    assert older_than(warehouse, 12) == {}


def test_a_run_that_is_not_whole_cuts_nothing(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1, timestamp="2020-02-01T10:00:00Z")))
    dbt(warehouse.settings, "run", "--select", "+int_learner_days", variables=KEEP_A_YEAR)
    assert len(older_than(warehouse, 12)) == 3
    dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
    assert older_than(warehouse, 12) == {}


def test_a_cut_that_died_is_finished(warehouse: Warehouse, tmp_path: Path) -> None:
    """Before the cut was recorded, rows were kept already; after it, months were not dropped."""
    old = history(tmp_path)[0]
    warehouse.ingest(old)
    dbt(warehouse.settings, "run")
    before = reports(warehouse)
    warehouse.client.command("CREATE TABLE xapi.before AS xapi.stg_xapi__statements")
    warehouse.client.command("INSERT INTO xapi.before SELECT * FROM xapi.stg_xapi__statements")
    dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
    kept = "xapi.kept_statements"
    warehouse.client.command(f"INSERT INTO {kept} SELECT * FROM {kept}")
    warehouse.client.command("INSERT INTO xapi.stg_xapi__statements SELECT * FROM xapi.before")
    warehouse.client.command("DROP TABLE xapi.before")
    assert states(reports(warehouse)) == states(before)
    dbt(warehouse.settings, "run", "--full-refresh", variables=KEEP_A_YEAR)
    assert states(reports(warehouse)) == states(before)
    assert older_than(warehouse, 12) == {}


def test_rejected_lines_go_by_their_arrival(warehouse: Warehouse) -> None:
    warehouse.ingest(b"broken\n")
    warehouse.client.command(
        "INSERT INTO xapi.rejected_statements (received_at, raw) "
        "SELECT now() - INTERVAL 3 YEAR, 'old'"
    )
    dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
    assert warehouse.rows("SELECT raw FROM xapi.rejected_statements") == [("broken",)]


def test_a_full_refresh_without_the_retention_is_refused(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1, timestamp="2020-02-01T10:00:00Z")))
    dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
    dbt(warehouse.settings, "run")
    with pytest.raises(AssertionError, match="were cut, and a full refresh without retention"):
        dbt(warehouse.settings, "run", "--full-refresh")
    assert len(records(warehouse.client, "fct_enrollments")) == 1


def test_who_is_forgotten_is_not_kept(warehouse: Warehouse) -> None:
    warehouse.ingest(
        lines(*(statement(number, timestamp="2020-02-01T10:00:00Z") for number in (1, 2)))
    )
    dbt(warehouse.settings, "run", variables=KEEP_A_YEAR)
    person = find_person(warehouse.client, warehouse.settings, Wanted("learner1"))
    erasure = Erasure(warehouse.client, warehouse.settings, person)
    erasure.remove(erasure.find())
    assert warehouse.rows("SELECT actor_id FROM xapi.kept_statements") == [("learner2",)]
    assert [row["actor_id"] for row in records(warehouse.client, "fct_enrollments")] == ["learner2"]
