"""Every chart's query, as Superset runs it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loader.superset import Superset
from loader.superset.bundle import OURS
from scripts.superset_demo import COURSE
from tests.superset.conftest import Served

NO_COURSE = "course-v1:Nobody+NONE+0"


def charts(server: Superset) -> list[dict[str, Any]]:
    """All charts of ours that a user sees."""
    rows = server.list("chart", ("id", "uuid", "slice_name", "params", "datasource_id"))
    return [row for row in rows if row["uuid"].startswith(OURS)]


def ask(server: Superset, chart: dict[str, Any], course: str = "") -> list[dict[str, Any]]:
    """The rows of a chart, of one course where its dataset knows courses."""
    row = server.get(f"chart/{chart['id']}")["result"]
    context = json.loads(row["query_context"])
    if course and "course_key" in columns(server, context["datasource"]["id"]):
        context["queries"][0]["filters"].append({"col": "course_key", "op": "==", "val": course})
    return list(server.post("chart/data", context)["result"][0]["data"])


def columns(server: Superset, dataset: int, known: dict[int, set[str]] = {}) -> set[str]:  # noqa: B006
    """The columns of a dataset, asked for once."""
    if dataset not in known:
        rows = server.get(f"dataset/{dataset}")["result"]["columns"]
        known[dataset] = {one["column_name"] for one in rows}
    return known[dataset]


@pytest.mark.parametrize("course", [COURSE[1], NO_COURSE])
def test_every_chart_answers(served: Served, course: str) -> None:
    found = {one["slice_name"]: ask(served.server, one, course) for one in charts(served.server)}
    assert len(found) > 100
    if course != NO_COURSE:
        assert sum(bool(rows) for rows in found.values()) > 100


@pytest.mark.parametrize(
    ("title", "metric", "column"),
    [
        ("Enrolled", "Enrolled learners", "enrolled"),
        ("At risk", "At risk", "at_risk_learners"),
        ("Passed", "Passed", "passed_learners"),
        ("Median grade", "Median grade", "median_grade"),
    ],
)
def test_numbers_are_those_of_the_models(
    served: Served, title: str, metric: str, column: str
) -> None:
    chart = next(one for one in charts(served.server) if one["slice_name"] == title)
    ((shown,),) = [list(row.values()) for row in ask(served.server, chart, COURSE[1])]
    assert metric in next(iter(ask(served.server, chart, COURSE[1])))
    assert shown == pytest.approx(
        served.value(
            f"select {column} from reporting.rpt_course_overview where course_key = '{COURSE[1]}'"
        )
    )


def test_an_instructor_sees_the_own_course_only(served: Served) -> None:
    keys = {}
    for name in ("analyst", "instructor"):
        user = served.as_user(name)
        dataset = next(
            row["id"]
            for row in user.list("dataset", ("id", "table_name"))
            if row["table_name"] == "rpt_learner_summary"
        )
        query = {"columns": ["course_key"], "metrics": [], "row_limit": 100}
        body = {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [query],
            "result_format": "json",
            "result_type": "full",
        }
        data = user.post("chart/data", body)["result"][0]["data"]
        keys[name] = {row["course_key"] for row in data}
    assert keys["instructor"] == {COURSE[1]}
    assert keys["analyst"] > keys["instructor"]


def test_personal_data_is_for_who_may_see_it(served: Served) -> None:
    names = {
        name: {row["table_name"] for row in served.as_user(name).list("dataset", ("table_name",))}
        for name in ("instructor", "instructor_with_names")
    }
    assert "rpt_learner_summary_with_names" not in names["instructor"]
    assert "rpt_learner_summary_with_names" in names["instructor_with_names"]
