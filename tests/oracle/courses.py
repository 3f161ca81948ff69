"""The courses: those of the catalogue, and those only statements know."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from tests.oracle.statements import (
    COURSE_TYPE,
    NEW_KEY,
    Landed,
    Live,
    Row,
    at,
    course_activity,
    course_key_of,
    live_statements,
    name_in,
    org_of,
    text,
)

Dump = dict[str, str]

MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?"
    r"\s*(?:Z|UTC|([+-])(\d\d):?(\d\d))?\Z"
)
LONG_AGO = datetime(1, 1, 1, tzinfo=timezone.utc)


def dim_courses(landed: Iterable[Landed], course_overviews: Iterable[Dump]) -> list[Row]:
    """One row per course run, in a dump or in any statement."""
    latest_dump = {
        dump["course_key"]: dump
        for dump in sorted(
            course_overviews,
            key=lambda dump: (moment(dump["modified"]), moment(dump["time_last_dumped"])),
        )
        if dump["course_key"]
    }
    named_by_statements: dict[str, str] = {}
    for one in live_statements(landed):
        if one.course_key:
            earlier = named_by_statements.get(one.course_key, "")
            named_by_statements[one.course_key] = course_name_in(one) or earlier
    return [
        {
            "org": org_of(course_key) or latest_dump[course_key]["org"],
            "course_key": course_key,
            "course_name": latest_dump.get(course_key, {}).get("display_name")
            or named_by_statements.get(course_key, ""),
            "course_run": run_of(course_key),
            "is_in_catalogue": course_key in latest_dump,
        }
        for course_key in sorted(latest_dump.keys() | named_by_statements.keys())
    ]


def run_of(course_key: str) -> str:
    """The last part of an Open edX course key; '' for an IRI."""
    if ":" in course_key and not NEW_KEY.match(course_key):
        return ""
    return course_key.rsplit("+" if "+" in course_key else "/", 1)[-1]


def course_name_in(one: Live) -> str:
    """The course's name by a statement: its parent's if that is the course, else its object's.

    Of other sources than Open edX the name in the activity that tells the course.
    """
    if not one.is_of_open_edx:
        return name_in(at(course_activity(one.statement), "definition", "name"))
    parent = at(one.statement, "context", "contextActivities", "parent", 0)
    name = ""
    if (
        at(parent, "definition", "type") == COURSE_TYPE
        and course_key_of(text(at(parent, "id"))) == one.course_key
    ):
        name = name_in(at(parent, "definition", "name"))
    if not name and one.is_about_the_course:
        name = name_in(at(one.statement, "object", "definition", "name"))
    return name


def moment(written: str) -> datetime:
    """A time as the dumps write them: a date, with or without time, fraction and offset."""
    found = MOMENT.match(written.strip())
    if not found:
        return LONG_AGO
    year, month, day, hour, minute, second, fraction, sign, off_hours, off_minutes = found.groups()
    offset = timedelta(hours=int(off_hours or 0), minutes=int(off_minutes or 0))
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]), tzinfo=timezone.utc,
        )  # fmt: skip
        return local + offset if sign == "-" else local - offset
    except (ValueError, OverflowError):
        return LONG_AGO
