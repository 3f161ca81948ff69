"""Which pages learners were on (docs/definitions.md, "Pages and progress")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from tests.oracle.course_blocks import dim_course_blocks
from tests.oracle.courses import Dump
from tests.oracle.engagement import Content, current_items, engagement, subsection_of
from tests.oracle.statements import (
    NAVIGATED,
    Landed,
    LearnerCourse,
    Live,
    Row,
    at,
    block_and_part,
    by_learner_and_course,
    number,
)

STARTING_POSITION = "http://id.tincanapi.com/extension/starting-position"
LARGEST_POSITION = 2**31 - 1


@dataclass(frozen=True)
class Page:
    """A unit, or a tab of a sequence whose unit is not known (0 if no tab is told)."""

    block_id: str
    position: int


def fct_page_visits(landed: Iterable[Landed], course_blocks: Iterable[Dump]) -> list[Row]:
    """One row per learner, page and day with a visit."""
    history = list(landed)
    tabs = units_at_tabs(dim_course_blocks(history, course_blocks))
    times: dict[tuple[LearnerCourse, Page, date], list[datetime]] = defaultdict(list)
    for grain, one in visits(history):
        page = page_of(one, tabs)
        times[grain, page, one.emission_time.date()].append(one.emission_time)
    return [
        asdict(grain)
        | asdict(page)
        | {
            "visited_on": day,
            "visits": len(moments),
            "first_visited_at": min(moments),
            "last_visited_at": max(moments),
        }
        for (grain, page, day), moments in times.items()
    ]


def fct_page_engagement(landed: Iterable[Landed], course_blocks: Iterable[Dump]) -> list[Row]:
    """One row per learner and section or subsection with a page visited."""
    history = list(landed)
    blocks = dim_course_blocks(history, course_blocks)
    tabs = units_at_tabs(blocks)
    units = current_items(blocks, "vertical")
    place = {
        (unit["course_key"], unit["subsection_block_id"]): subsection_of(unit) for unit in units
    }
    place |= {(unit["course_key"], unit["block_id"]): subsection_of(unit) for unit in units}
    known = {(unit["course_key"], unit["block_id"]) for unit in units}
    pages: dict[tuple[LearnerCourse, Content], set[str]] = defaultdict(set)
    for grain, one in visits(history):
        block = (grain.course_key, page_of(one, tabs).block_id)
        if block in place:
            pages[grain, place[block]].update({block[1]} if block in known else ())
    # Where nothing but tabs without a unit was visited, that was some page of the subsection.
    done = {key: max(len(visited), 1) for key, visited in pages.items()}
    return engagement(units, done, "pages_visited")


def units_at_tabs(blocks: Iterable[Row]) -> dict[tuple[str, str, int], str]:
    """The current unit by (course key, sequence, tab); of two at one tab the first."""
    return {
        (unit["course_key"], unit["subsection_block_id"], unit["unit_number"]): unit["block_id"]
        for unit in sorted(
            current_items(blocks, "vertical"),
            key=lambda unit: (unit["course_order"], unit["block_id"]),
            reverse=True,
        )
        if unit["subsection_block_id"]
    }


def visits(landed: Iterable[Landed]) -> Iterator[tuple[LearnerCourse, Live]]:
    """The navigation statements about blocks; links and entries of the outline are about none."""
    for grain, statements in by_learner_and_course(landed).items():
        for one in statements:
            if one.verb_id == NAVIGATED and block_and_part(one.statement)[0]:
                yield grain, one


def page_of(one: Live, tabs: dict[tuple[str, str, int], str]) -> Page:
    """The page a statement is about."""
    block_id, _ = block_and_part(one.statement)
    if "type@sequential+block@" not in block_id:
        return Page(block_id, 0)
    told = number(at(one.statement, "context", "extensions", STARTING_POSITION)) or 0
    position = int(told) if 0 < told <= LARGEST_POSITION else 0
    unit = tabs.get((one.course_key, block_id, position))
    return Page(unit, 0) if unit and position else Page(block_id, position)
