"""Sources other than Open edX, from a file of statements to published rows (docs/sources.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.arrivals import landed
from tests.integration.oracle_tables import assert_tables_match_oracle
from tests.reporting import PROJECT, dbt, records
from tests.sources import cmi5, every_statement, h5p, moodle, scorm, xapi2
from tests.sources.parts import ANA, BEN, CLEO
from tests.statements import lines
from tests.warehouse import Warehouse, counted

Row = dict[str, Any]
SEEDS = ("verbs", "activity_types", "subjects")


def test_each_source_reaches_the_published_tables(warehouse: Warehouse) -> None:
    statements = every_statement()
    load = warehouse.ingest(lines(*statements))
    assert counted(load) == (len(statements), 0, 0, 0)
    dbt(warehouse.settings, "run")
    assert_courses(warehouse)
    assert_moodle(warehouse)
    assert_h5p(warehouse)
    assert_cmi5(warehouse)
    assert_scorm(warehouse)
    assert_xapi_2(warehouse)
    assert_the_rest_is_shown(warehouse)
    assert_tables_match_oracle(warehouse.client, landed(warehouse.client))


def assert_courses(warehouse: Warehouse) -> None:
    """Courses have IRIs for keys, hosts for organisations, names in English if there is one."""
    assert table(warehouse, "dim_courses", "org", "course_key", "course_name") == {
        ("moodle.example", moodle.COURSE, "Rivers"),
        ("school.example", h5p.COURSE, "Geology"),
        ("lms.example", cmi5.COURSE, "Laboratory safety"),
        ("urn:scorm", scorm.COURSE, "Roses"),
        ("two.example:8443", xapi2.COURSE, "Géographie"),
    }


def assert_moodle(warehouse: Warehouse) -> None:
    course = moodle.COURSE
    assert in_course(warehouse, "fct_enrollments", course, "enrollment_status") == {
        (ANA, "registered"),
        (BEN, "unregistered"),  # and a group of the course that Ben joined changes nothing
    }
    status = in_course(
        warehouse, "fct_learner_course_status", course, "enrollment_status", "course_grade"
    )
    assert status == {(ANA, "registered", 0.91), (BEN, "unregistered", None), (CLEO, "", None)}
    visited = records(warehouse.client, "fct_learner_course_status")
    assert {
        row["actor_id"]
        for row in visited
        if row["course_key"] == course and row["last_visited_at"] is not None
    } == {ANA, CLEO}
    assert in_course(warehouse, "fct_course_progress", course, "is_course_completed") == {
        (ANA, True),
        (BEN, False),
        (CLEO, False),
    }
    assert in_course(warehouse, "fct_problem_results", course, "problem_id", "is_solved") == {
        (ANA, moodle.QUESTION, True)
    }
    completions = in_course(warehouse, "fct_completion_events", course, "verb", "is_completed")
    assert (ANA, "uncompleted", False) in completions
    assert in_course(warehouse, "fct_daily_learner_activity", course, "statements") == {
        (ANA, 9),
        (BEN, 3),
        (CLEO, 1),
    }


def assert_h5p(warehouse: Warehouse) -> None:
    answers = in_course(
        warehouse, "fct_problem_attempts", h5p.COURSE, "problem_id", "attempt", "success"
    )
    assert answers == {(h5p.ANA, h5p.QUESTION, 1, False), (h5p.ANA, h5p.QUESTION, 2, True)}
    assert in_course(warehouse, "fct_completion_events", h5p.COURSE, "verb", "is_completed") == {
        (h5p.ANA, "completed", True),
        (h5p.ANA, "consumed", True),
        (h5p.ANA, "progressed", None),
    }
    without_course = in_course(warehouse, "fct_statements", "", "verb", "score_raw")
    assert (h5p.ANA, "answered", 1) in without_course


def assert_cmi5(warehouse: Warehouse) -> None:
    assert in_course(warehouse, "fct_course_progress", cmi5.COURSE, "is_course_completed") == {
        (ANA, True),
        (BEN, False),
    }
    # Units passed and failed are parts of the course.
    assert in_course(warehouse, "fct_grade_events", cmi5.COURSE, "verb", "level") == {
        (ANA, "passed", "subsection"),
        (BEN, "failed", "subsection"),
    }
    status = in_course(warehouse, "fct_learner_course_status", cmi5.COURSE, "passing_state")
    assert status == {(ANA, "not graded yet"), (BEN, "not graded yet")}
    assert {
        (row["actor_id"], row["registration"], row["course_key"] == cmi5.COURSE)
        for row in records(warehouse.client, "fct_statements")
        if row["actor_home_page"] == cmi5.HOME
    } == {(who, cmi5.REGISTRATIONS[who], who != CLEO) for who in (ANA, BEN, CLEO)}


def assert_scorm(warehouse: Warehouse) -> None:
    status = in_course(
        warehouse, "fct_learner_course_status", scorm.COURSE, "passing_state", "course_grade"
    )
    assert status == {(scorm.DAN, "passed", 0.7)}
    assert in_course(
        warehouse, "fct_problem_results", scorm.COURSE, "problem_id", "last_response"
    ) == {(scorm.DAN, scorm.INTERACTION, "true")}


def assert_xapi_2(warehouse: Warehouse) -> None:
    (row,) = [
        row
        for row in records(warehouse.client, "fct_statements")
        if row["course_key"] == xapi2.COURSE
    ]
    assert (row["actor_id"], row["verb"], row["object_name"]) == (ANA, "experienced", "Leçon")


def assert_the_rest_is_shown(warehouse: Warehouse) -> None:
    """What no table but `fct_statements` uses is listed for operators."""
    rows = records(warehouse.client, "ops_unrecognised_statements")
    assert {row["verb"] for row in rows if row["without_subject"]} == {
        "abandoned",
        "interacted",
        "logged out",
        "registered",  # in a group
        "resumed",
        "suspended",
        "terminated",
    }
    assert sum(row["without_course"] for row in rows) == 10  # H5P alone, Cleo, a logout


@pytest.fixture
def seeded(warehouse: Warehouse) -> Iterator[Warehouse]:
    """A warehouse whose seeds may be changed: they are put back."""
    yield warehouse
    dbt(warehouse.settings, "seed")


def test_the_example_of_a_new_source_works(seeded: Warehouse) -> None:
    """The statements, seed rows, queries and answers on the page, as they stand there."""
    page = (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")
    (statements,) = re.findall(r"```json\n(.+?)```", page, re.DOTALL)
    rows = dict(re.findall(r"`seeds/(\w+)\.csv`:\n\n```\n(.+?)```", page, re.DOTALL))
    answered = re.findall(r"```sql\n(select.+?)```\n\n(\|.+?)\n\n", page, re.DOTALL)
    assert (tuple(rows), len(answered)) == (SEEDS, 3)
    before, *after = answered

    seeded.ingest(statements.encode())
    dbt(seeded.settings, "run")
    assert_answers(seeded, *before)
    for seed, added in rows.items():  # what `dbt seed` does with the files
        for row in added.split():
            values = ", ".join(f"'{value}'" for value in row.split(","))
            seeded.client.command(f"INSERT INTO xapi.{seed} VALUES ({values})")
    dbt(seeded.settings, "run", "--full-refresh")
    for query, answer in after:
        assert_answers(seeded, query, answer)


def assert_answers(warehouse: Warehouse, query: str, answer: str) -> None:
    """The query returns what the Markdown table shows."""
    head, _, *shown = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in answer.splitlines()
    ]
    found = warehouse.client.query(query)
    assert list(found.column_names) == head
    assert [[str(value) for value in row] for row in found.result_rows] == shown


def table(warehouse: Warehouse, relation: str, *columns: str) -> set[tuple[Any, ...]]:
    """These columns of every row."""
    return {tuple(row[column] for column in columns) for row in records(warehouse.client, relation)}


def in_course(
    warehouse: Warehouse, relation: str, course_key: str, *columns: str
) -> set[tuple[Any, ...]]:
    """The learner and these columns of every row about the course."""
    found = table(warehouse, relation, "course_key", "actor_id", *columns)
    return {row[1:] for row in found if row[0] == course_key}
