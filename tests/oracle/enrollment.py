"""Who is enrolled in what: the latest word counts."""

from collections.abc import Iterable
from dataclasses import asdict

from tests.oracle.statements import (
    ADL_VERB,
    TINCAN_VERB,
    Landed,
    Live,
    Row,
    at,
    by_learner_and_course,
    text,
)

STATUS = {
    ADL_VERB + "registered": "registered",
    TINCAN_VERB + "unregistered": "unregistered",
    "http://activitystrea.ms/join": "registered",
    "http://activitystrea.ms/leave": "unregistered",
}
MODE = "https://w3id.org/xapi/acrossx/extensions/type"


def fct_enrollments(landed: Iterable[Landed]) -> list[Row]:
    """One row per learner and course ever enrolled in."""
    return [
        asdict(grain) | enrollment
        for grain, statements in by_learner_and_course(landed).items()
        if (enrollment := enrollment_of(statements))
    ]


def enrollment_of(statements: list[Live]) -> Row | None:
    """The current enrolment by statements in order of time; None if there never was one."""
    changes = [
        one
        for one in statements
        if one.verb_id in STATUS and (one.is_of_open_edx or one.is_about_the_course)
    ]
    if not changes:
        return None
    latest = changes[-1]
    registered = [one.emission_time for one in changes if STATUS[one.verb_id] == "registered"]
    return {
        "enrollment_status": STATUS[latest.verb_id],
        "enrollment_mode": text(at(latest.statement, "object", "definition", "extensions", MODE)),
        "first_enrolled_at": min(registered, default=None),
        "emission_time": latest.emission_time,
    }
