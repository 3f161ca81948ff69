"""The rules of pages, engagement, completion and the funnel, on a few statements each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.oracle import (
    Landed,
    fct_course_funnel,
    fct_course_progress,
    fct_page_engagement,
    fct_page_visits,
    fct_video_engagement,
)
from tests.oracle.courses import Dump
from tests.unit.test_oracle import ADL, DEMO, IN_COURSE, LMS, column, landed, only, watching

NAVIGATED = "https://w3id.org/xapi/dod-isd/verbs/navigated"
POSITION = "http://id.tincanapi.com/extension/starting-position"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
RESOURCE = "http://id.tincanapi.com/activitytype/resource"
DAY = 86_400


def key(kind: str, name: str) -> str:
    return f"block-v1:Org+Demo+1+type@{kind}+block@{name}"


def block(kind: str, name: str, place: str, dump: int = 1, **data: Any) -> Dump:
    """A block at section:subsection:unit in dump number `dump`."""
    section, subsection, unit = (int(number) for number in place.split(":"))
    place_and_type = {
        "section": section,
        "subsection": subsection,
        "unit": unit,
        "block_type": kind,
    }
    return {
        "org": "Org",
        "course_key": DEMO,
        "location": key(kind, name),
        "display_name": name,
        "xblock_data_json": json.dumps(place_and_type | data),
        "order": str(100 * section + 10 * subsection + unit),
        "dump_id": str(dump),
        "time_last_dumped": f"2024-01-0{dump}",
    }


OUTLINE = [
    block("chapter", "week", "1:0:0"),
    block("sequential", "first", "1:1:0"),
    block("vertical", "u1", "1:1:1"),
    block("vertical", "u2", "1:1:2"),
    block("sequential", "second", "1:2:0"),
    block("vertical", "u3", "1:2:1"),
]


def left(number: int, block_id: str, tab: float | None = None, seconds: float = 0) -> Landed:
    """Ada leaves a page."""
    return landed(
        number,
        seconds,
        NAVIGATED,
        object={"id": f"{LMS}/xblock/{block_id}"},
        context={"contextActivities": IN_COURSE, "extensions": {POSITION: tab}},
    )


def reported(number: int, block_id: str, verb: str = "progressed", **result: Any) -> Landed:
    """Ada's completion of a block; `progress` in per cent."""
    extensions = {PROGRESS: result.pop("progress", None)}
    return landed(
        number,
        number,
        ADL + verb,
        object={"id": f"{LMS}/xblock/{block_id}", "definition": {"type": RESOURCE}},
        context={"contextActivities": IN_COURSE},
        result=result | {"extensions": extensions},
    )


@pytest.mark.parametrize(
    ("named", "tab", "block_id", "position"),
    [
        (key("vertical", "u2"), None, key("vertical", "u2"), 0),
        (key("vertical", "u2"), 1, key("vertical", "u2"), 0),
        (key("sequential", "first"), 2, key("vertical", "u2"), 0),
        (key("sequential", "first"), 2.5, key("vertical", "u2"), 0),
        (key("sequential", "first"), 3, key("sequential", "first"), 3),
        (key("sequential", "first"), None, key("sequential", "first"), 0),
        (key("sequential", "first"), -1, key("sequential", "first"), 0),
        (key("sequential", "first"), 1e12, key("sequential", "first"), 0),
        (key("sequential", "unknown"), 1, key("sequential", "unknown"), 1),
    ],
)
def test_a_page_is_a_unit_or_else_a_tab(
    named: str, tab: float | None, block_id: str, position: int
) -> None:
    row = only(fct_page_visits([left(1, named, tab)], OUTLINE))
    assert (row["block_id"], row["position"]) == (block_id, position)


def test_visits_are_counted_by_page_and_day() -> None:
    unit, sequence = key("vertical", "u1"), key("sequential", "first")
    statements = [left(1, unit), left(2, sequence, 1, 60), left(3, unit, None, DAY)]
    assert column(fct_page_visits(statements, OUTLINE), "visits") == [2, 1]


def test_a_tab_is_that_of_the_latest_dump() -> None:
    moved = [block("sequential", "first", "1:1:0", 2), block("vertical", "new", "1:1:1", 2)]
    row = only(fct_page_visits([left(1, key("sequential", "first"), 1)], [*OUTLINE, *moved]))
    assert row["block_id"] == key("vertical", "new")


def test_a_section_has_all_of_its_pages() -> None:
    rows = fct_page_engagement([left(1, key("vertical", "u3"))], OUTLINE)
    assert [(row["content_level"], row["pages_visited"], row["pages_total"]) for row in rows] == [
        ("section", 1, 3),
        ("subsection", 1, 1),
    ]
    assert column(rows, "is_complete") == [False, True]


def test_unknown_tabs_are_one_page_where_none_is_known() -> None:
    first = key("sequential", "first")
    unknown = [left(1, first, 7), left(2, first, 8)]
    assert column(fct_page_engagement(unknown, OUTLINE), "pages_visited") == [1, 1]
    known = [left(3, first, 1), left(4, key("vertical", "u2"))]
    assert column(fct_page_engagement(unknown + known, OUTLINE), "pages_visited") == [2, 2]


def test_deleted_pages_count_nowhere() -> None:
    later = [block("chapter", "week", "1:0:0", 2), block("vertical", "u9", "1:1:1", 2)]
    assert fct_page_engagement([left(1, key("vertical", "u1"))], [*OUTLINE, *later]) == []


def test_videos_are_viewed_when_they_are_started() -> None:
    blocks = [*OUTLINE, block("video", "intro", "1:1:1"), block("video", "more", "1:2:1")]
    loaded = watching(1, 0, "initialized")
    assert fct_video_engagement([loaded], blocks) == []
    rows = fct_video_engagement([loaded, watching(2, 5, "played", time=0)], blocks)
    assert [(row["videos_viewed"], row["videos_total"]) for row in rows] == [(1, 2), (1, 1)]


@pytest.mark.parametrize(
    ("statement", "is_completed"),
    [
        (reported(1, key("html", "a"), completion=True, progress=100), True),
        (reported(1, key("html", "a"), completion=False, progress=0), False),
        (reported(1, key("html", "a"), progress=100), True),
        (reported(1, key("html", "a"), completion="true"), True),
        (reported(1, key("html", "a"), progress=99.9), False),
        (reported(1, key("html", "a")), False),
        (reported(1, key("html", "a"), verb="completed"), True),
    ],
)
def test_what_completes_a_block(statement: Landed, is_completed: bool) -> None:
    blocks = [*OUTLINE, block("html", "a", "1:1:1"), block("html", "b", "1:1:1")]
    row = only(fct_course_progress([statement], blocks))
    assert (row["blocks_completed"], row["blocks_total"]) == (int(is_completed), 2)
    assert row["share_completed"] == int(is_completed) / 2


def test_a_completion_is_taken_back_and_one_that_says_nothing_changes_nothing() -> None:
    blocks = [block("html", "a", "1:1:1")]
    done, back = (
        reported(1, key("html", "a"), progress=100),
        reported(2, key("html", "a"), progress=0),
    )
    silent = reported(3, key("html", "a"))
    assert only(fct_course_progress([done, back, silent], blocks))["blocks_completed"] == 0
    assert only(fct_course_progress([done, silent], blocks))["blocks_completed"] == 1


def test_what_can_be_completed() -> None:
    blocks = [
        *OUTLINE,
        block("library_content", "a", "1:1:1", completion_mode="aggregator"),
        block("library_content", "b", "1:1:1", completion_mode="completable"),
        block("static_tab", "c", "0:0:0", completion_mode="completable", detached=True),
        block("problem", "d", "1:1:1", completion_mode="nonsense"),
    ]
    assert only(fct_course_progress([left(1, key("vertical", "u1"))], blocks))["blocks_total"] == 2


def test_a_course_without_a_dump_has_no_progress() -> None:
    row = only(fct_course_progress([reported(1, key("html", "a"), completion=True)], []))
    assert (row["blocks_completed"], row["blocks_total"], row["share_completed"]) == (0, 0, None)


def test_a_course_is_completed_by_a_statement_about_it() -> None:
    course = {"id": f"{LMS}/course/{DEMO}", "definition": {"type": f"{ADL[:-6]}activities/course"}}
    assert only(fct_course_progress([landed(1, 0, ADL + "completed", object=course)], []))[
        "is_course_completed"
    ]


def test_a_section_is_reached_by_a_deleted_page_and_finished_by_all_current_blocks() -> None:
    later = [
        block("chapter", "week", "1:0:0", 2),
        block("html", "a", "1:1:1", 2),
        block("chapter", "empty", "2:0:0", 2),
    ]
    visit = left(1, key("vertical", "u1"))
    week, empty = reversed(fct_course_funnel([visit], [*OUTLINE, *later]))
    assert (week["learners"], week["learners_reached"], week["learners_finished"]) == (1, 1, 0)
    assert (empty["learners_reached"], empty["learners_finished"]) == (0, None)
    done = reported(2, key("html", "a"), completion=True)
    week, _ = reversed(fct_course_funnel([visit, done], [*OUTLINE, *later]))
    assert (week["learners_reached"], week["learners_finished"]) == (1, 1)
