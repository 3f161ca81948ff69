"""Where a learner stands in a course: enrolment, grade, passing, last visit."""

from collections.abc import Iterable
from dataclasses import asdict

from tests.oracle.enrollment import enrollment_of
from tests.oracle.statements import (
    ADL_VERB,
    NAVIGATED,
    TINCAN_VERB,
    Landed,
    Live,
    Row,
    at,
    by_learner_and_course,
    number,
    text,
)

EARNED = TINCAN_VERB + "earned"
PASSED = ADL_VERB + "passed"
FAILED = ADL_VERB + "failed"
SCORED = ADL_VERB + "scored"
OPENED = {
    TINCAN_VERB + "viewed",
    *(ADL_VERB + verb for verb in ("launched", "initialized", "attempted", "experienced")),
    "http://activitystrea.ms/schema/1.0/start",
}
VIDEO_TYPE = "https://w3id.org/xapi/video/activity-type/video"
OF_OTHER_SUBJECTS = {
    "http://adlnet.gov/expapi/activities/cmi.interaction",
    "http://adlnet.gov/expapi/activities/question",
    "http://id.tincanapi.com/activitytype/discussion",
    "https://w3id.org/xapi/openedx/activity/practice-assessment",
    "https://w3id.org/xapi/openedx/activity/proctored-assessment",
    "https://w3id.org/xapi/openedx/activity/timed-assessment",
}
LETTER = "http://www.tincanapi.co.uk/activitytypes/grade_classification"


def fct_learner_course_status(landed: Iterable[Landed]) -> list[Row]:
    """One row per learner and course with any statement."""
    return [
        asdict(grain) | status_of(statements)
        for grain, statements in by_learner_and_course(landed).items()
    ]


def status_of(statements: list[Live]) -> Row:
    """The status by one learner's statements in one course, in order of time."""
    enrollment = enrollment_of(statements) or {}
    about_course = [one for one in statements if one.is_about_the_course]
    grades = [grade for one in about_course if (grade := grade_of(one)) is not None]
    states = [state for one in about_course if (state := passing_state_of(one))]
    visits = [one.emission_time for one in statements if is_visit(one)]
    grade = grades[-1] if grades else None
    return {
        "enrollment_status": enrollment.get("enrollment_status", ""),
        "enrollment_mode": enrollment.get("enrollment_mode", ""),
        "first_enrolled_at": enrollment.get("first_enrolled_at"),
        "enrollment_changed_at": enrollment.get("emission_time"),
        "course_grade": grade,
        "passing_state": states[-1] if states else "not graded yet",
        "grade_bucket": None if grade is None else grade_bucket(grade),
        "last_visited_at": max(visits, default=None),
        "last_active_at": statements[-1].emission_time,
    }


def is_visit(one: Live) -> bool:
    """Whether someone went to a page, or opened what is neither video, problem, exam nor forum."""
    if one.verb_id == NAVIGATED:
        return True
    kind = text(at(one.statement, "object", "definition", "type"))
    is_video = kind == VIDEO_TYPE or "type@video+block@" in one.object_id
    return one.verb_id in OPENED and kind not in OF_OTHER_SUBJECTS and not is_video


def grade_of(one: Live) -> float | None:
    """The scaled grade a statement about the course carries."""
    if one.verb_id not in (EARNED, PASSED, FAILED, SCORED):
        return None
    return number(at(one.statement, "result", "score", "scaled"))


def passing_state_of(one: Live) -> str:
    """'passed' or 'failed' if a statement about the course tells it, else ''."""
    if one.verb_id == PASSED:
        return "passed"
    if one.verb_id == FAILED:
        return "failed"
    letter = text(at(one.statement, "result", "extensions", LETTER))
    if one.verb_id != EARNED or not letter:
        return ""
    return "failed" if letter == "Fail" else "passed"


def grade_bucket(grade: float) -> str:
    """Tens of per cent of the exact grade: 0.9 is in '90-100%', 0.8999 in '80-89%'."""
    if grade >= 0.9:
        return "90-100%"
    tens = max((n for n in range(1, 9) if grade >= n / 10), default=0)
    return f"{tens * 10}-{tens * 10 + 9}%" if tens else "0-9%"
