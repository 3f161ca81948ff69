"""What learners completed (docs/definitions.md, "Pages and progress")."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict

from tests.oracle.course_blocks import dim_course_blocks
from tests.oracle.courses import Dump
from tests.oracle.learner_course_status import VIDEO_TYPE
from tests.oracle.pages import visits
from tests.oracle.statements import (
    ADL_VERB,
    COURSE_TYPES,
    Landed,
    LearnerCourse,
    Live,
    Row,
    at,
    block_and_part,
    by_learner_and_course,
    number,
)

PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
TINCAN_COMPLETED = "http://id.tincanapi.com/verb/completed"
LMS_VERB = "https://w3id.org/xapi/adl/verbs/"
SAYS = {
    ADL_VERB + "completed": True,
    TINCAN_COMPLETED: True,
    LMS_VERB + "satisfied": True,
    LMS_VERB + "waived": True,
    "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted": False,
}
REPORTS = {ADL_VERB + "progressed", "http://activitystrea.ms/schema/1.0/consume"}


def fct_course_progress(landed: Iterable[Landed], course_blocks: Iterable[Dump]) -> list[Row]:
    """One row per learner and course with any statement."""
    history = list(landed)
    items = [block for block in dim_course_blocks(history, course_blocks) if is_item(block)]
    totals = Counter(item["course_key"] for item in items)
    known = {(item["course_key"], item["block_id"]) for item in items}
    rows = []
    for grain, statements in by_learner_and_course(history).items():
        blocks, total = completions(statements), totals[grain.course_key]
        done = sum((grain.course_key, block) in known for block, times in blocks.items() if times)
        rows.append(
            asdict(grain)
            | {
                "blocks_completed": done,
                "blocks_total": total,
                "share_completed": done / total if total else None,
                "is_course_completed": bool(blocks.get("")),
            }
        )
    return rows


def fct_course_funnel(landed: Iterable[Landed], course_blocks: Iterable[Dump]) -> list[Row]:
    """One row per current section of a course."""
    history = list(landed)
    blocks = dim_course_blocks(history, course_blocks)
    section_of = {
        (block["course_key"], block["block_id"]): (block["course_key"], block["section_block_id"])
        for block in blocks
    }
    items = [block for block in blocks if is_item(block)]
    totals = Counter((item["course_key"], item["section_block_id"]) for item in items)
    item_keys = {(item["course_key"], item["block_id"]) for item in items}
    learners = by_learner_and_course(history)
    traces: dict[tuple[str, str], dict[LearnerCourse, int]] = defaultdict(lambda: defaultdict(int))
    for grain, one in visits(history):
        block = (grain.course_key, block_and_part(one.statement)[0])
        traces[section_of[block]][grain] += 0
    for grain, statements in learners.items():
        for block_id, is_complete in completions(statements).items():
            block = (grain.course_key, block_id)
            if block_id and is_complete:
                traces[section_of[block]][grain] += block in item_keys
    everybody = Counter(grain.course_key for grain in learners)
    return [
        {
            "course_key": course_key,
            "section_block_id": section,
            "learners": everybody[course_key],
            "learners_reached": len(traces[course_key, section]),
            "learners_finished": sum(
                done == totals[course_key, section] for done in traces[course_key, section].values()
            )
            if totals[course_key, section]
            else None,
        }
        for course_key, section in sorted(
            {
                (block["course_key"], block["section_block_id"])
                for block in blocks
                if block["is_current"] and block["section_block_id"]
            }
        )
    ]


def is_item(block: Row) -> bool:
    return bool(block["is_current"] and block["is_completable"])


def completions(statements: Iterable[Live]) -> dict[str, bool]:
    """Whether each block ('' = the course) is complete, by the latest statement about it."""
    latest: dict[str, bool] = {}
    for one in statements:
        block_id, _ = block_and_part(one.statement)
        activity_type = at(one.statement, "object", "definition", "type")
        is_about_the_course = activity_type in COURSE_TYPES and (
            one.is_of_open_edx or one.is_about_the_course
        )
        told = is_completed(one) if block_id != "" or is_about_the_course else None
        if told is not None:
            latest[block_id] = told
    return latest


def is_completed(one: Live) -> bool | None:
    """What a completion statement says; None if it says nothing, or is none."""
    kind = at(one.statement, "object", "definition", "type")
    is_video = kind == VIDEO_TYPE or "type@video+block@" in one.object_id
    if one.verb_id in SAYS and not (one.verb_id.endswith("/completed") and is_video):
        return SAYS[one.verb_id]
    if one.verb_id not in REPORTS:
        return None
    told = at(one.statement, "result", "completion")
    if str(told).lower() in ("true", "false"):
        return str(told).lower() == "true"
    progress = number(at(one.statement, "result", "extensions", PROGRESS))
    return None if progress is None else progress >= 100
