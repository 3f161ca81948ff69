"""Every chart's query, as Superset runs it, beside the same question asked of the models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from loader.engine import connect
from loader.superset import Superset
from loader.superset.identity import identity
from loader.superset.roles import relation
from scripts.dashboards.__main__ import ROOT
from scripts.dashboards.bundle import FRESHNESS
from scripts.dashboards.source import Chart, Source, read_source
from scripts.superset_demo import COURSE, PEOPLE
from tests.superset.asking import at_once, columns, dataset_ids, is_course, rows
from tests.superset.conftest import Served
from tests.superset.expected import labels, plain, select

NO_COURSE = "course-v1:Nobody+NONE+0"
# Rows that Superset gives of a chart, if the chart does not say otherwise.
MOST_ROWS = 10_000
# What goes wrong elsewhere, and not with data that is made up.
# What the server tells of itself is otherwise a moment later.
LIVE = {"warehouse_size", "slowest_queries", "clickhouse_metrics"}
NOT_IN_THE_DEMO = {"conflicts", "unrecognised", "unplaced_tags", "blocks_without_dump"}


@pytest.fixture(scope="module")
def source() -> Source:
    return read_source(ROOT / "superset")


@dataclass
class Asking:
    """All charts, asked as a user by way of Superset, and of the models."""

    served: Served
    source: Source
    server: Superset
    numbers: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = dataset_ids(self.server)
        self.charts = {
            one.id: one for board in self.source.dashboards for one in (*board.charts, FRESHNESS)
        }
        self.assets = self.served.bundle.by_uuid("charts")
        self.columns = columns(self.served.bundle)
        self.relations = {
            uuid: relation(one) for uuid, one in self.served.bundle.by_uuid("datasets").items()
        }

    @property
    def readable(self) -> list[Chart]:
        """The charts whose dataset the user sees."""
        return [one for one in self.charts.values() if self.dataset(one) in self.numbers]

    def dataset(self, chart: Chart) -> str:
        return str(self.assets[identity("chart", chart.id)]["dataset_uuid"])

    def has_course(self, chart: Chart) -> bool:
        return "course_key" in self.columns[self.dataset(chart)]

    def shown(self, chart: Chart, course: str = "") -> list[dict[str, Any]]:
        """What Superset shows."""
        dataset = self.dataset(chart)
        filters = [is_course(course)] if course and self.has_course(chart) else []
        asset = self.assets[identity("chart", chart.id)]
        return rows(self.server, asset, self.numbers[dataset], filters)

    def answers(self, course: str = "") -> dict[str, list[dict[str, Any]]]:
        """What Superset shows of all charts that the user sees, of one course or unfiltered."""
        charts = self.readable
        shown = at_once(lambda one: self.shown(one, course), charts)
        return dict(zip((one.id for one in charts), shown, strict=True))

    def differences(
        self, answers: dict[str, list[dict[str, Any]]], course: str, role: str = ""
    ) -> list[str]:
        """Answers that are not what the models have of this course, as a role may see it."""
        client = connect(self.served.settings)
        try:
            return [
                said
                for name, answer in answers.items()
                if name not in LIVE
                for said in self._compare(
                    self.charts[name],
                    answer,
                    self._condition(self.charts[name], course, role),
                    client,
                )
            ]
        finally:
            client.close()

    def _condition(self, chart: Chart, course: str, role: str) -> str:
        access = self.served.access
        of = self.relations[self.dataset(chart)]
        conditions = ["true"]
        if self.has_course(chart):
            conditions.append(f"course_key = '{course}'")
        elif role and not access.is_same_for_all(of):
            conditions.append("false")  # it sums over more than their courses
        counted = access.learner_columns(of)
        if role and counted and access.hides_small_groups(role):
            largest = f"arrayMax([{', '.join(counted)}])"
            conditions.append(f"({largest} = 0 or {largest} >= {access.small_group_size})")
        return " and ".join(conditions)

    def _compare(
        self, chart: Chart, answer: list[dict[str, Any]], condition: str, client: Any
    ) -> Iterator[str]:
        of = self.source.datasets
        names = labels(chart, of)
        found = Counter(tuple(plain(row[name]) for name in names) for row in answer)
        sql = select(chart, of, self.relations[self.dataset(chart)], condition)
        wanted = Counter(tuple(map(plain, row)) for row in client.query(sql).result_rows)
        most = chart.limit or MOST_ROWS
        if sum(wanted.values()) > most:
            # Which of them come first is the chart's business.
            if sum(found.values()) == most and not found - wanted:
                return
        elif found == wanted:
            return
        yield (
            f"{chart.id}: {sum(found.values())} rows instead of {sum(wanted.values())}; "
            f"not in the models: {list(found - wanted)[:2]}, not shown: {list(wanted - found)[:2]}"
        )


@pytest.mark.parametrize(("course", "has_data"), [(COURSE[1], True), (NO_COURSE, False)])
def test_every_chart_shows_what_the_models_have(
    served: Served, source: Source, course: str, has_data: bool
) -> None:
    asking = Asking(served, source, served.server)
    answers = asking.answers(course)
    assert len(answers) > 150
    if has_data:
        assert {name for name, answer in answers.items() if not answer} == NOT_IN_THE_DEMO
    different = asking.differences(answers, course)
    assert not different, "\n".join(different)


@pytest.mark.parametrize("user", ["instructor", "instructor_with_names"])
def test_an_instructor_sees_the_own_course_only(served: Served, source: Source, user: str) -> None:
    asking = Asking(served, source, served.as_user(user))
    answers = asking.answers()  # unfiltered: what is left is what the rules leave
    assert len(answers) > 100
    different = asking.differences(answers, COURSE[1], PEOPLE[user].removeprefix("warehouse_"))
    assert not different, "\n".join(different)


@pytest.mark.parametrize("user", ["analyst", "operator"])
def test_who_sees_all_courses_gets_data(served: Served, source: Source, user: str) -> None:
    answers = Asking(served, source, served.as_user(user)).answers()
    assert len(answers) > 20
    assert {name for name, answer in answers.items() if not answer} <= NOT_IN_THE_DEMO


def test_personal_data_is_for_who_may_see_it(served: Served) -> None:
    names = {
        name: {row["table_name"] for row in served.as_user(name).list("dataset", ("table_name",))}
        for name in ("instructor", "instructor_with_names", "analyst", "operator")
    }
    seen = {name for name, tables in names.items() if "rpt_learner_summary_with_names" in tables}
    assert seen == {"instructor_with_names"}
    assert "rpt_learner_summary" in names["instructor"]
    assert "rpt_learner_summary" not in names["operator"]
