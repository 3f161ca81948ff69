"""Dashboards in a second language: they come beside the first, show the same, and go again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from loader.superset import Bundle, access_differences, apply, apply_access, differences
from loader.superset.apply import at
from loader.superset.database import database_uri
from loader.superset.identity import identity
from loader.superset.languages import read_in_languages
from scripts.dashboards.__main__ import ASSETS
from tests.superset.conftest import Served

Row = dict[str, Any]
# The one whose words, direction and letters are furthest from English.
SECOND = "ar"


@pytest.fixture(scope="module")
def both(served: Served) -> Iterator[Bundle]:
    """The bundle in two languages, brought to the server, and English alone after it."""
    bundle = at(read_in_languages(ASSETS, ["en", SECOND]), database_uri(served.settings))
    apply(bundle, served.server)
    apply_access(served.access, bundle, served.server)
    yield bundle
    outcome = apply(served.bundle, served.server)
    gone = {one.removeprefix("dashboard ") for one in outcome.removed}
    assert gone >= {
        content["dashboard_title"]
        for path, content in bundle.of("dashboards")
        if path not in served.bundle.files
    }
    assert not outcome.kept
    assert differences(served.bundle, served.server) == []


def test_both_are_there_and_a_second_time_nothing_is_done(served: Served, both: Bundle) -> None:
    assert differences(both, served.server) == []
    assert access_differences(served.access, both, served.server) == []


def test_charts_show_the_same_in_both(served: Served, both: Bundle) -> None:
    rows = served.server.list("chart", ("id", "uuid"))
    numbers = {row["uuid"]: row["id"] for row in rows}

    def ask(uuid: str) -> tuple[list[Row], bool]:
        chart = served.server.get(f"chart/{numbers[uuid]}")["result"]
        context = json.loads(chart["query_context"])
        found = served.server.post("chart/data", context)["result"][0]["data"]
        return found, len(found) < context["queries"][0]["row_limit"]

    charts = served.bundle.by_uuid("charts")
    with ThreadPoolExecutor(4) as pool:
        english = pool.map(ask, charts)
        other = pool.map(ask, [identity(SECOND, uuid) for uuid in charts])
        for chart, (one, is_whole), (two, _) in zip(charts.values(), english, other, strict=True):
            assert len(one) == len(two), chart["slice_name"]
            if is_whole:
                assert sorted(map(_numbers, one)) == sorted(map(_numbers, two)), chart["slice_name"]


def test_an_instructor_sees_them_too(served: Served, both: Bundle) -> None:
    """Whoever may see a dashboard may see it in every language, and no other."""
    slugs = {
        row["slug"]
        for row in served.as_user("instructor").list("dashboard", ("slug",))
        if row["slug"]
    }
    english = {one for one in slugs if not one.endswith(f"-{SECOND}")}
    assert slugs - english == {f"{one}-{SECOND}" for one in english}
    assert "course" in english
    assert "operator" not in english


def _numbers(row: Row) -> list[float]:
    """What no language changes."""
    return sorted(
        round(value, 6)
        for value in row.values()
        if isinstance(value, int | float) and not isinstance(value, bool)
    )
