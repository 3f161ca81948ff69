"""Evenings have one shape on any platform; a figure says whether its goals are met."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

import pytest

from benchmarks import charts, evenings
from benchmarks.figures import Figure, count, seconds
from loader.generate import GeneratorOptions, generate
from scripts.dashboards.__main__ import ROOT
from scripts.dashboards.bundle import FRESHNESS
from scripts.dashboards.source import read_source


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    options = GeneratorOptions(statements=60_000, days=20)
    made = generate(tmp_path_factory.mktemp("platform"), options)
    return made.statements_path.read_bytes().splitlines()


def test_an_evening_is_ten_thousand_statements_of_one_day_and_a_few_of_a_month_before(
    lines: list[bytes],
) -> None:
    for number, evening in enumerate(evenings.evenings(lines, 2), 1):
        times = [datetime.fromisoformat(json.loads(line)["timestamp"]) for line in evening]
        assert min(time.hour for time in times) >= 17
        days = Counter(time.date().isoformat() for time in times)
        assert days == {f"2026-11-0{number}": 9_900, f"2026-10-0{number + 1}": 100}
        assert 100 < evenings.learners(evening) < 300


def test_no_statement_is_in_two_evenings(lines: list[bytes]) -> None:
    ids = [json.loads(line)["id"] for one in evenings.evenings(lines, 2) for line in one]
    assert len(set(ids)) == 20_000


def test_too_few_statements_make_no_evening(lines: list[bytes]) -> None:
    with pytest.raises(ValueError, match="5,000 statements are too few for 1 evenings"):
        evenings.evenings(lines[:5_000], 1)


@pytest.mark.parametrize(
    ("figure", "cells"),
    [
        (Figure("a time", [1.5], seconds), ("a time", "1.50 s", "", "", "")),
        (Figure("fast", [1, 2], seconds, (3, 3)), ("fast", "1 s", "2 s", "2.00", "< 3 s", "yes")),
        (Figure("slow", [1, 3], seconds, (3, 3)), ("slow", "1 s", "3 s", "3.00", "< 3 s", "NO")),
        (Figure("first", [2, 9], count, (3,)), ("first", "2", "9", "4.50", "< 3", "yes")),
        (
            Figure("growing", [2, 9], count, (3,), growth=2),
            ("growing", "2", "9", "4.50", "< 3; growth ≤ 2", "NO"),
        ),
    ],
    ids=lambda value: value.what if isinstance(value, Figure) else "",
)
def test_a_figure_says_whether_its_goals_are_met(figure: Figure, cells: tuple[str, ...]) -> None:
    assert figure.cells == cells


def test_every_chart_of_every_dashboard_is_timed() -> None:
    boards = read_source(ROOT / "superset").dashboards
    assert charts.dashboards() == sorted(board.id for board in boards)
    for board in boards:
        shown = dict.fromkeys(one.id for one in (*board.charts, FRESHNESS))
        assert [one.chart for one in charts.read(board.id)] == list(shown), board.id


def test_a_chart_is_asked_about_a_course_whatever_it_is_called() -> None:
    (query,) = charts.parse("-- enrolled: Enrolled\nselect 1 where course_key = '{course}';\n")
    assert query.sql("a'b\\c") == "select 1 where course_key = 'a\\'b\\\\c'"
    assert charts.parse(query.text) == [query]
