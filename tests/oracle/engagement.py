"""How much learners did of sections and subsections (docs/definitions.md, "Pages and progress")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from tests.oracle.statements import LearnerCourse, Row


@dataclass(frozen=True, order=True)
class Content:
    """A subsection of a course, or with the number 0 its section as a whole."""

    course_key: str
    section: int
    subsection: int


def current_items(blocks: Iterable[Row], block_type: str) -> list[Row]:
    """The blocks of a type that learners find in a section of the course today."""
    return [
        block
        for block in blocks
        if block["block_type"] == block_type and block["is_current"] and block["section_number"] > 0
    ]


def subsection_of(item: Row) -> Content:
    """Where an item is: its section, if it is in none of the subsections."""
    return Content(item["course_key"], item["section_number"], item["subsection_number"])


def engagement(
    items: Iterable[Row], done: Mapping[tuple[LearnerCourse, Content], int], name: str
) -> list[Row]:
    """A row per learner and section or subsection with anything done of its current items.

    `done` counts by subsection; `name` is what the column with the count is called.
    """
    totals: dict[Content, int] = defaultdict(int)
    blocks: dict[Content, str] = {}
    for item in items:
        subsection = subsection_of(item)
        section = Content(subsection.course_key, subsection.section, 0)
        blocks[subsection] = item["subsection_block_id"]
        blocks[section] = item["section_block_id"]
        for content in {section, subsection}:
            totals[content] += 1
    counts: dict[tuple[LearnerCourse, Content], int] = defaultdict(int)
    for (grain, subsection), count in done.items():
        for content in {subsection, Content(subsection.course_key, subsection.section, 0)}:
            counts[grain, content] += count
    return [
        asdict(grain)
        | {
            "content_level": "subsection" if content.subsection else "section",
            "block_id": blocks[content],
            name: count,
            name.split("_")[0] + "_total": totals[content],
            "is_complete": count == totals[content],
        }
        for (grain, content), count in sorted(counts.items())
        if blocks[content]
    ]
