"""Each rule of the published states on a few statements, so that the oracle itself is trusted."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.oracle import (
    Landed,
    Row,
    VideoRule,
    dim_course_blocks,
    dim_courses,
    fct_enrollments,
    fct_learner_course_status,
    fct_video_segments,
    fct_video_views,
)
from tests.oracle.learner_course_status import grade_bucket
from tests.oracle.statements import block_and_part, course_key_of, org_of

LMS = "https://lms.example"
DEMO = "course-v1:Org+Demo+1"
COURSE = f"{LMS}/course/{DEMO}"
VIDEO_BLOCK = "block-v1:Org+Demo+1+type@video+block@intro"
ADL = "http://adlnet.gov/expapi/verbs/"
EARNED = "http://id.tincanapi.com/verb/earned"
VIDEO = "https://w3id.org/xapi/video/"
LETTER = "http://www.tincanapi.co.uk/activitytypes/grade_classification"
MODE = "https://w3id.org/xapi/acrossx/extensions/type"
START = datetime(2024, 1, 1, tzinfo=timezone.utc)
IN_COURSE = {
    "parent": [
        {"id": COURSE, "definition": {"type": "http://adlnet.gov/expapi/activities/course"}},
    ]
}
REFERENCE = VideoRule("last", "inclusive", wall_clock_check=False, rounding="up")


def landed(number: int, seconds: float, verb: str, **parts: Any) -> Landed:
    """Statement number `number` of Ada in the demo course, that many seconds after START."""
    statement = {
        "actor": {"account": {"name": "ada", "homePage": LMS}},
        "verb": {"id": verb},
        "object": {"id": COURSE},
    }
    event_id = f"00000000-0000-4000-8000-{number:012}"
    return Landed(event_id, START + timedelta(seconds=seconds), number, statement | parts)


def voiding(number: int, target: int) -> Landed:
    target_id = f"00000000-0000-4000-8000-{target:012}"
    reference = {"objectType": "StatementRef", "id": target_id.upper()}
    return landed(number, 99, ADL + "voided", object=reference)


def registered(number: int, seconds: float, mode: str = "audit") -> Landed:
    about = {"id": COURSE, "definition": {"extensions": {MODE: mode}}}
    return landed(number, seconds, ADL + "registered", object=about)


def earned(number: int, scaled: float | None, letter: str = "", object_id: str = COURSE) -> Landed:
    return landed(
        number,
        number,
        EARNED,
        object={"id": object_id},
        context={"contextActivities": IN_COURSE},
        result={"score": {"scaled": scaled}, "extensions": {LETTER: letter}},
    )


def watching(
    number: int, seconds: float, verb: str, length: float | None = 100, **at: Any
) -> Landed:
    prefix = ADL if verb in {"completed", "initialized", "interacted"} else VIDEO + "verbs/"
    extension = VIDEO + "extensions/"
    reported = {extension + name.replace("_", "-"): value for name, value in at.items()}
    return landed(
        number,
        seconds,
        prefix + verb,
        object={"id": f"{LMS}/xblock/{VIDEO_BLOCK}"},
        context={
            "contextActivities": IN_COURSE,
            "extensions": {extension + "length": length},
        },
        result={"extensions": reported},
    )


def watched(rule: VideoRule, *statements: Landed) -> dict[int, int]:
    rows = fct_video_segments(statements, rule)
    return {row["watched_second"]: row["times_watched"] for row in rows}


def only(rows: list[Row]) -> Row:
    assert len(rows) == 1
    return rows[0]


def column(rows: list[Row], name: str) -> list[Any]:
    return [row[name] for row in rows]


@pytest.mark.parametrize(
    ("url", "course_key", "org"),
    [
        (f"{LMS}/course/{DEMO}", DEMO, "Org"),
        ("ccx-v1:My.Org~1+Demo+1+ccx@2", "ccx-v1:My.Org~1+Demo+1+ccx@2", "My.Org~1"),
        (f"{LMS}/courses/Org/Demo/2012", "Org/Demo/2012", "Org"),
        (f"{LMS}/courses/Org/Demo/2012/about", "", ""),
        (f"{LMS}/course/{DEMO}/", "", ""),
        (f"{LMS}/xblock/{VIDEO_BLOCK}", "", ""),
        ("course-v1:no-plus", "", ""),
    ],
)
def test_course_keys(url: str, course_key: str, org: str) -> None:
    assert (course_key_of(url), org_of(course_key)) == (course_key, org)


@pytest.mark.parametrize("suffix", ["", "/answer", "/hint/3"])
def test_a_block_is_the_same_in_its_hints_and_answer(suffix: str) -> None:
    statement = {"object": {"id": f"{LMS}/xblock/{VIDEO_BLOCK}{suffix}"}}
    assert block_and_part(statement) == (VIDEO_BLOCK, "")


def test_a_part_of_a_problem_belongs_to_the_problem() -> None:
    problem = "block-v1:Org+Demo+1+type@problem+block@quiz"
    parent = {"objectType": "GroupActivity", "id": f"{LMS}/xblock/{problem}"}
    statement = {
        "object": {"id": problem + "_2_1"},
        "context": {"contextActivities": {"parent": [parent]}},
    }
    assert block_and_part(statement) == (problem, "2_1")
    assert block_and_part({"object": {"id": problem + "_2_1"}}) == (problem + "_2_1", "")


def test_the_first_copy_to_land_is_the_statement() -> None:
    first, other = registered(1, 0, "audit"), registered(1, 5, "honor")
    later = Landed(other.event_id, other.emission_time, 7, other.statement)
    assert only(fct_enrollments([later, first]))["enrollment_mode"] == "audit"


def test_the_latest_enrollment_counts_and_the_first_is_remembered() -> None:
    left = landed(2, 20, "http://id.tincanapi.com/verb/unregistered")
    assert only(fct_enrollments([left, registered(1, 10)])) == {
        "org": "Org",
        "course_key": DEMO,
        "actor_id": "ada",
        "actor_home_page": LMS,
        "enrollment_status": "unregistered",
        "enrollment_mode": "",
        "first_enrolled_at": START + timedelta(seconds=10),
        "emission_time": START + timedelta(seconds=20),
    }


def test_one_name_on_two_platforms_is_two_learners() -> None:
    elsewhere = {"account": {"name": "ada", "homePage": "https://other.example"}}
    there = landed(2, 0, ADL + "registered", actor=elsewhere)
    assert len(fct_enrollments([registered(1, 0), there])) == 2


def test_voided_statements_vanish_but_voiding_ones_cannot_be_voided() -> None:
    statements = [voiding(3, target=1), registered(1, 0), voiding(4, target=3)]
    assert fct_enrollments(statements) == []
    assert fct_learner_course_status(statements) == []


def test_a_grade_without_a_score_resets_nothing() -> None:
    passed = landed(2, 2, ADL + "passed")
    status = only(fct_learner_course_status([earned(1, 0.5, "Fail"), passed]))
    assert (status["course_grade"], status["passing_state"]) == (0.5, "passed")
    assert status["grade_bucket"] == "50-59%"
    assert status["enrollment_status"] == ""


def test_a_subsection_grade_is_no_course_grade() -> None:
    subsection = f"{LMS}/xblock/block-v1:Org+Demo+1+type@sequential+block@week1"
    status = only(fct_learner_course_status([earned(1, 0.5, "A", object_id=subsection)]))
    assert (status["course_grade"], status["passing_state"]) == (None, "not graded yet")
    assert status["grade_bucket"] is None


@pytest.mark.parametrize(
    ("grade", "bucket"),
    [(1.2, "90-100%"), (0.9, "90-100%"), (0.8999999, "80-89%"), (0.3, "30-39%"), (-1, "0-9%")],
)
def test_grade_buckets(grade: float, bucket: str) -> None:
    assert grade_bucket(grade) == bucket


def test_last_visit_is_navigation_and_last_activity_anything() -> None:
    visit = landed(1, 10, "https://w3id.org/xapi/dod-isd/verbs/navigated")
    status = only(fct_learner_course_status([visit, earned(20, 0.1)]))
    assert status["last_visited_at"] == START + timedelta(seconds=10)
    assert status["last_active_at"] == START + timedelta(seconds=20)


def test_a_play_owns_the_stretch_to_the_next_event() -> None:
    events = [
        watching(1, 0, "initialized", time=0),
        watching(2, 1, "played", time=10.4),
        watching(3, 2, "interacted"),
        watching(4, 4, "seeked", time_from=12.5, time_to=50),
        watching(5, 6, "paused", time=52),
    ]
    assert watched(VideoRule(), *events) == {11: 1, 12: 1, 13: 1}
    assert watched(REFERENCE, *events) == dict.fromkeys(range(11, 53), 1)


def test_a_pause_counts_no_second_twice_but_in_the_reference() -> None:
    events = [
        watching(1, 0, "played", time=0),
        watching(2, 2, "paused", time=2),
        watching(3, 2, "played", time=2),
        watching(4, 4, "paused", time=4),
    ]
    assert watched(VideoRule(), *events) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert watched(REFERENCE, *events) == {1: 1, 2: 2, 3: 1, 4: 1}


def test_a_play_at_the_end_starts_over() -> None:
    events = [watching(1, 0, "played", time=100), watching(2, 3, "paused", time=3)]
    assert watched(VideoRule(), *events) == {1: 1, 2: 1, 3: 1}
    assert watched(REFERENCE, *events) == {1: 1, 2: 1, 3: 1}


def test_no_one_watches_faster_than_twice_the_clock_and_five_seconds() -> None:
    events = [watching(1, 0, "played", time=0), watching(2, 1.75, "paused", time=90)]
    assert list(watched(VideoRule(), *events)) == list(range(1, 9))
    assert len(watched(VideoRule(wall_clock_check=False), *events)) == 90


def test_a_video_watched_twice() -> None:
    events = [
        watching(1, 0, "played", length=10.2, time=0),
        watching(2, 9, "completed", length=10.2),
        watching(3, 10, "played", length=10.2, time=8),
        watching(4, 13, "paused", length=None, time=9),
    ]
    view = only(fct_video_views(reversed(events)))
    assert (view["video_length"], view["plays"], view["last_position"]) == (10.2, 2, 9)
    assert (view["seconds_watched"], view["seconds_watched_total"]) == (10, 11)
    assert (view["seconds_rewatched"], view["share_watched"]) == (1, 1.0)
    assert view["is_watched_entirely"] is True
    assert view["last_viewed_at"] == START + timedelta(seconds=13)


def test_a_play_of_unknown_length_and_position_is_a_view() -> None:
    view = only(fct_video_views([watching(1, 0, "played", length=None)]))
    assert (view["share_watched"], view["last_position"]) == (None, None)
    assert view["is_watched_entirely"] is False


def course_dump(name: str, modified: str) -> dict[str, str]:
    return {
        "org": "Org",
        "course_key": DEMO,
        "display_name": name,
        "modified": modified,
        "time_last_dumped": "2024-01-09 10:00:00.5",
    }


def test_a_course_is_named_by_its_latest_dump_else_by_statements() -> None:
    old, new = course_dump("Old", "2024-01-01"), course_dump("New", "2024-01-01T09:00:00+02:00")
    other = {
        "id": f"{LMS}/courses/Org/Old/2012",
        "definition": {"name": {"fr": "Deux", "de": "Zwei"}},
    }
    courses = dim_courses([landed(1, 0, ADL + "registered", object=other)], [new, old])
    assert column(courses, "course_name") == ["Zwei", "New"]
    assert column(courses, "course_run") == ["2012", "1"]
    assert column(courses, "is_in_catalogue") == [False, True]


def block_dump(block: str, place: tuple[int, int, int], day: int = 1) -> dict[str, str]:
    section, subsection, unit = place
    block_type, name = block.split("@")
    data = f'{{"section": {section}, "subsection": {subsection}, "unit": {unit}, "graded": true}}'
    return {
        "org": "Org",
        "course_key": DEMO,
        "location": f"block-v1:Org+Demo+1+type@{block_type}+block@{name}",
        "display_name": name.title(),
        "xblock_data_json": data,
        "order": "7",
        "dump_id": f"dump {day}",
        "time_last_dumped": f"2024-01-{day:02}",
    }


def test_a_deleted_block_keeps_its_place_in_the_dump_that_held_it() -> None:
    dumps = [
        block_dump("chapter@spring", (1, 0, 0), day=2),
        block_dump("chapter@winter", (1, 0, 0), day=1),
        block_dump("sequential@week", (1, 1, 0), day=1),
        block_dump("video@intro", (1, 1, 1), day=1),
    ]
    spring, winter, _, video = dim_course_blocks([], dumps)
    assert (spring["is_current"], winter["is_current"]) == (True, False)
    assert (spring["section_name"], spring["subsection_name"]) == ("Spring", "")
    assert (video["section_name"], video["subsection_name"]) == ("Winter", "Week")
    assert (video["hierarchy_location"], video["block_type"]) == ("1:1:1", "video")
    assert (video["is_graded"], video["course_order"]) == (True, 7)


def test_a_block_known_only_from_statements() -> None:
    block = only(dim_course_blocks([watching(1, 0, "played")], []))
    assert (block["block_id"], block["block_type"]) == (VIDEO_BLOCK, "video")
    assert (block["hierarchy_location"], block["is_current"]) == ("", False)


@pytest.mark.parametrize("odd", [None, [], {}, 5, "text", True, [[]], {"id": {"id": 1}}, 10**400])
def test_nothing_odd_raises(odd: object) -> None:
    parts = ("actor", "verb", "object", "context", "result")
    statements = [
        Landed(f"{index}{part}", START, index, watching(1, 0, "played").statement | {part: odd})
        for index, part in enumerate(parts)
    ]
    statements += [
        watching(8, 0, "played", length=odd, time=odd),  # type: ignore[arg-type]
        earned(9, odd, letter=odd, object_id=odd),  # type: ignore[arg-type]
    ]
    for state in (fct_enrollments, fct_learner_course_status, fct_video_segments, fct_video_views):
        assert isinstance(state(statements), list)
    assert isinstance(dim_courses(statements, []), list)
    assert isinstance(dim_course_blocks(statements, []), list)
