"""The benchmark asks what charts ask.

    pytest tests/superset/test_chart_queries.py --write-chart-queries

writes benchmarks/charts anew.
"""

from __future__ import annotations

import pytest

from benchmarks.charts import COURSE, FOLDER, LEARNER, PLATFORM, ChartQuery, dashboards, parse
from loader.superset.identity import identity
from scripts.dashboards.__main__ import ROOT
from scripts.dashboards.bundle import FRESHNESS
from scripts.dashboards.source import Dashboard, read_source
from tests.superset.asking import Filter, at_once, columns, dataset_ids, is_course, query
from tests.superset.conftest import Served

A_LEARNER = (
    {"col": "actor_id", "op": "==", "val": LEARNER},
    {"col": "actor_home_page", "op": "==", "val": PLATFORM},
)


def test_the_benchmark_asks_what_charts_ask(served: Served, pytestconfig: pytest.Config) -> None:
    boards = read_source(ROOT / "superset").dashboards
    made = {board.id: "\n".join(one.text for one in queries(served, board)) for board in boards}
    if pytestconfig.getoption("--write-chart-queries"):
        for path in FOLDER.glob("*.sql"):
            path.unlink()
        for board, text in made.items():
            (FOLDER / f"{board}.sql").write_text(text, encoding="utf-8")
    assert dashboards() == sorted(made)
    for board, text in made.items():
        kept = (FOLDER / f"{board}.sql").read_text(encoding="utf-8")
        assert kept == text, f"benchmarks/charts/{board}.sql: run with --write-chart-queries"
        assert "\n".join(one.text for one in parse(kept)) == text


def queries(served: Served, board: Dashboard) -> list[ChartQuery]:
    """What the charts of a dashboard ask when a course, and a learner, has been chosen."""
    of_bundle = served.bundle.by_uuid("charts")
    known = columns(served.bundle)
    numbers = dataset_ids(served.server)

    def asked(chart_id: str, title: str) -> ChartQuery:
        chart = of_bundle[identity("chart", chart_id)]
        dataset = chart["dataset_uuid"]
        filters: list[Filter] = []
        if {"run", "runs"} & set(board.filters) and "course_key" in known[dataset]:
            filters.append(is_course(COURSE))
        if "learner" in board.filters and "actor_id" in known[dataset]:
            filters += A_LEARNER
        sql = query(served.server, chart, numbers[dataset], filters).rstrip(";\n ")
        lines = (line.rstrip() for line in sql.splitlines())
        return ChartQuery(chart_id, title, "\n".join(lines))

    charts = dict.fromkeys((one.id, one.title) for one in (*board.charts, FRESHNESS))
    return list(at_once(lambda one: asked(*one), charts))
