"""A dbt run that died half-way is continued by the next one."""

from __future__ import annotations

import pytest

from tests.integration.test_odd_statements import video
from tests.reporting import dbt, records
from tests.statements import lines, statement
from tests.warehouse import Warehouse

PROGRESS = "SELECT * FROM xapi.model_progress"


@pytest.mark.parametrize("died", ["stg_xapi__statements", "int_video_views"])
def test_what_was_written_but_not_recorded_is_written_again(
    warehouse: Warehouse, died: str
) -> None:
    warehouse.ingest(lines(statement(1, **at("10:00:00"), **video(10))))
    dbt(warehouse.settings, "run")
    recorded = [row for row in warehouse.rows(PROGRESS) if row[0] == died]
    warehouse.ingest(lines(statement(8, **at("10:00:20"), **video(30))))
    dbt(warehouse.settings, "run")

    forget(warehouse, died, recorded)
    dbt(warehouse.settings, "run")

    (view,) = records(warehouse.client, "fct_video_views")
    assert (view["plays"], view["seconds_watched"]) == (2, 20)


def test_what_was_neither_written_nor_recorded_is_not_missed(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1, **at("10:00:00"), **video(10))))
    dbt(warehouse.settings, "run")
    warehouse.ingest(lines(statement(8, **at("10:00:20"), **video(30))))
    # The plan was made and the statements staged; then everything stopped.
    dbt(warehouse.settings, "run", "--select", "staging")
    dbt(warehouse.settings, "run", "--select", "int_learner_courses")

    warehouse.ingest(lines(statement(15, **at("10:00:40"), **video(50))))
    dbt(warehouse.settings, "run")

    views = records(warehouse.client, "fct_video_views")
    assert [(view["plays"], view["seconds_watched"]) for view in views] == [(3, 40)]


def at(time: str) -> dict[str, str]:
    return {"timestamp": f"2026-03-01T{time}Z"}


def forget(warehouse: Warehouse, model: str, recorded: list[tuple[object, ...]]) -> None:
    """Leave of a model's progress only what was recorded then."""
    others = [row for row in warehouse.rows(PROGRESS) if row[0] != model]
    warehouse.client.command("TRUNCATE TABLE xapi.model_progress")
    warehouse.client.insert("xapi.model_progress", others + recorded)
