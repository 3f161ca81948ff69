"""The blocks of courses: those of the dumps, and those only statements know."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.oracle.courses import Dump, moment
from tests.oracle.statements import (
    Landed,
    Row,
    at,
    block_and_part,
    live_statements,
    name_in,
    names_its_block,
    org_of,
    text,
)

CONTAINERS = {"course", "chapter", "sequential", "vertical"}
COMPLETION_MODES = {"completable", "aggregator", "excluded"}
TYPE_IN_KEY = re.compile(r"type@([^+@]+)\+block@")


@dataclass(frozen=True)
class Block:
    """A block as one dump describes it."""

    org: str
    course_key: str
    block_id: str
    name: str
    block_type: str
    section: int
    subsection: int
    unit: int
    order: int
    is_graded: bool
    is_completable: bool


def dim_course_blocks(landed: Iterable[Landed], course_blocks: Iterable[Dump]) -> list[Row]:
    """One row per course and block, in a dump or in any statement."""
    rows: dict[tuple[str, str], Row] = {}
    for course_key, dumps in dumps_of_courses(course_blocks).items():
        for blocks in dumps:
            for block in blocks:
                rows[course_key, block.block_id] = row_of(block, blocks, blocks is dumps[-1])
    for key, row in blocks_of_statements(landed).items():
        known = rows.setdefault(key, row)
        known["block_name"] = known["block_name"] or row["block_name"]
    return [row for _, row in sorted(rows.items())]


def dumps_of_courses(course_blocks: Iterable[Dump]) -> dict[str, list[list[Block]]]:
    """The dumps of each course, the latest last, each with its blocks."""
    times: dict[tuple[str, str], datetime] = {}
    blocks: dict[tuple[str, str], list[Block]] = defaultdict(list)
    for line in course_blocks:
        dump, time = (line["course_key"], line["dump_id"]), moment(line["time_last_dumped"])
        if line["course_key"] and line["location"]:
            times[dump] = max(time, times.get(dump, time))
            blocks[dump].append(read_block(line))
    courses: dict[str, list[list[Block]]] = defaultdict(list)
    for dump in sorted(times, key=lambda dump: (times[dump], dump)):
        courses[dump[0]].append(blocks[dump])
    return courses


def read_block(line: Dump) -> Block:
    data = parsed(line["xblock_data_json"])
    block_type = text(at(data, "block_type")) or type_in_key(line["location"])
    return Block(
        org=line["org"] or org_of(line["course_key"]),
        course_key=line["course_key"],
        block_id=line["location"],
        name=line["display_name"],
        block_type=block_type,
        section=whole(at(data, "section")),
        subsection=whole(at(data, "subsection")),
        unit=whole(at(data, "unit")),
        order=whole(parsed(line["order"])),
        is_graded=at(data, "graded") is True,
        is_completable=is_completable(data, block_type),
    )


def is_completable(data: Any, block_type: str) -> bool:
    """Whether learners complete the block: as the dump says, else if it contains no others."""
    mode = text(at(data, "completion_mode"))
    told = mode == "completable" if mode in COMPLETION_MODES else block_type not in CONTAINERS
    return told and at(data, "detached") is not True


def row_of(block: Block, dump: list[Block], is_current: bool) -> Row:
    """The published row; a number 0 says that the block is in no such section or subsection."""
    section, subsection = None, None
    for other in sorted(dump, key=lambda other: (other.order, other.block_id), reverse=True):
        if block.section and other.section == block.section:
            if other.block_type == "chapter":
                section = other
            elif other.block_type == "sequential" and other.subsection == block.subsection != 0:
                subsection = other
    return {
        "org": block.org,
        "course_key": block.course_key,
        "block_id": block.block_id,
        "block_type": block.block_type,
        "block_name": block.name,
        "section_number": block.section,
        "subsection_number": block.subsection,
        "unit_number": block.unit,
        "hierarchy_location": f"{block.section}:{block.subsection}:{block.unit}",
        "course_order": block.order,
        "is_graded": block.is_graded,
        "is_completable": block.is_completable,
        "is_current": is_current,
        "section_block_id": section.block_id if section else "",
        "section_name": section.name if section else "",
        "subsection_block_id": subsection.block_id if subsection else "",
        "subsection_name": subsection.name if subsection else "",
    }


def blocks_of_statements(landed: Iterable[Landed]) -> dict[tuple[str, str], Row]:
    """The blocks statements speak of, by (course key, block id), under their latest name."""
    names: dict[tuple[str, str], str] = {}
    for one in live_statements(landed):
        block_id, _ = block_and_part(one.statement)
        if one.course_key and block_id:
            name = name_in(at(one.statement, "object", "definition", "name"))
            earlier = names.get((one.course_key, block_id), "")
            is_named = name and names_its_block(one.statement)
            names[one.course_key, block_id] = name if is_named else earlier
    return {
        (course_key, block_id): {
            "org": org_of(course_key),
            "course_key": course_key,
            "block_id": block_id,
            "block_type": type_in_key(block_id),
            "block_name": name,
            "section_number": 0,
            "subsection_number": 0,
            "unit_number": 0,
            "hierarchy_location": "",
            "course_order": 0,
            "is_graded": False,
            "is_completable": False,
            "is_current": False,
            "section_block_id": "",
            "section_name": "",
            "subsection_block_id": "",
            "subsection_name": "",
        }
        for (course_key, block_id), name in names.items()
    }


def type_in_key(block_id: str) -> str:
    found = TYPE_IN_KEY.search(block_id)
    return found.group(1) if found else ""


def parsed(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return None


def whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
