"""What is built whole, of dumps and names, is built again when these have changed."""

from __future__ import annotations

from pathlib import Path

from loader.generate import GeneratorOptions, generate
from tests.integration.test_odd_statements import video
from tests.reporting import dbt, records
from tests.statements import Statement, lines, statement
from tests.warehouse import Warehouse

TABLES = {
    "int_block_tags",
    "int_course_tags",
    "int_course_blocks",
    "int_courses",
    "int_learner_profiles",
}
# Made of learners too.
OF_LEARNERS = {"int_learner_profiles"}


def test_they_are_built_again_when_something_has_changed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse.ingest(lines(statement(1, **video(10))))
    dbt(warehouse.settings, "run")
    assert built_again(warehouse) == set(), "nothing has come"

    warehouse.ingest(lines(statement(8, **video(30))))
    assert built_again(warehouse) == set(), "it names nothing new"

    warehouse.ingest(lines(statement(2)))
    assert built_again(warehouse) == OF_LEARNERS, "it is of a new learner"

    warehouse.ingest(lines(statement(15, object=named("Another name"))))
    assert built_again(warehouse) == TABLES - OF_LEARNERS, "it names a course"
    assert [row["course_name"] for row in records(warehouse.client, "dim_courses")] == [
        "Another name"
    ]

    generate(tmp_path, GeneratorOptions(statements=10, learners=2, seed=1))
    warehouse.land_dumps(tmp_path)
    warehouse.client.command("DROP TABLE xapi.int_learner_profiles")
    assert built_again(warehouse) == TABLES, "dumps have come, and one table is gone"


def test_they_are_built_again_by_other_sql_and_by_a_full_refresh(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1, **video(10))))
    dbt(warehouse.settings, "run")
    warehouse.client.command(
        "INSERT INTO xapi.table_inputs "
        "SELECT model, 'of other SQL', now64(6) FROM xapi.table_inputs FINAL"
    )
    assert built_again(warehouse) == TABLES
    assert built_again(warehouse, "--full-refresh") == TABLES


def named(name: str) -> Statement:
    """The course of all these statements, by another name."""
    kind = "http://adlnet.gov/expapi/activities/course"
    course: Statement = statement()["object"]
    return course | {"definition": {"type": kind, "name": {"en": name}}}


def built_again(warehouse: Warehouse, *options: str) -> set[str]:
    """The tables that a run builds anew: those that the engine has made since."""
    before = made(warehouse)
    dbt(warehouse.settings, "run", *options)
    after = made(warehouse)
    return {name for name in TABLES if before.get(name) != after[name]}


def made(warehouse: Warehouse) -> dict[str, object]:
    """The engine's own id of each table, another one when it is made anew."""
    return dict(warehouse.rows("SELECT name, uuid FROM system.tables WHERE database = 'xapi'"))
