"""What somebody writes into a filter is a value, whatever it consists of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader.errors import LoaderError
from loader.superset import Superset
from scripts.superset_demo import COURSE
from tests.superset.conftest import Served

WAYS_OUT = (
    "x' or '1' = '1",
    "x') or 1 = 1 -- ",
    "x\\' or 1 = 1 -- ",
    "x\\') or 1 = 1 -- ",
    "x\\\\' or 1 = 1 -- ",
    "{{ 1 }}' or 1 = 1 -- ",
    "\\",
    "%' or 1 = 1 -- %s",
)


@pytest.fixture(scope="module")
def instructor(served: Served) -> Superset:
    return served.as_user("instructor")


@pytest.fixture(scope="module")
def dataset(instructor: Superset) -> int:
    found = instructor.list("dataset", ("id", "table_name"))
    return next(int(row["id"]) for row in found if row["table_name"] == "rpt_learner_summary")


def courses(server: Superset, dataset: int, operator: str, value: Any) -> set[str]:
    """The courses of the learners whom a filter leaves."""
    condition = {"col": "actor_id", "op": operator, "val": value}
    query = {"columns": ["course_key"], "metrics": [], "filters": [condition], "row_limit": 100}
    body = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [query],
        "result_format": "json",
        "result_type": "full",
    }
    try:
        data = server.post("chart/data", body)["result"][0]["data"]
    except LoaderError:  # refused, which shows nothing either
        return set()
    return {row["course_key"] for row in data}


@pytest.mark.parametrize("value", WAYS_OUT)
def test_nothing_in_a_filter_switches_the_rules_on_rows_off(
    instructor: Superset, dataset: int, value: str
) -> None:
    assert courses(instructor, dataset, "==", value) == set()
    assert courses(instructor, dataset, "IN", [value, "y"]) == set()
    assert courses(instructor, dataset, "LIKE", value) == set()
    assert courses(instructor, dataset, "!=", value) <= {COURSE[1]}
    assert courses(instructor, dataset, "NOT IN", [value, " or 1 = 1 -- "]) <= {COURSE[1]}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(alphabet="\\'\"%{}:-();` x", min_size=1, max_size=12))
def test_no_text_in_a_filter_does(instructor: Superset, dataset: int, value: str) -> None:
    assert courses(instructor, dataset, "IN", [value, " or 1 = 1 -- "]) == set()
