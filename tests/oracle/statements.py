"""What every state starts from: which statements count, and who did what in which course.

Anything missing or of a wrong type is absent: nothing here raises, whatever a statement holds.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]

ADL_VERB = "http://adlnet.gov/expapi/verbs/"
TINCAN_VERB = "http://id.tincanapi.com/verb/"
NAVIGATED = "https://w3id.org/xapi/dod-isd/verbs/navigated"
COURSE_TYPE = "http://adlnet.gov/expapi/activities/course"
COURSE_TYPES = {
    COURSE_TYPE,
    "http://id.tincanapi.com/activitytype/lms/course",
    "http://vocab.xapi.fr/activities/course",
    "https://w3id.org/xapi/cmi5/activitytype/course",
}

OPEN_EDX_PREFIXES = ("course-v1:", "ccx-v1:", "library-v1:")
NEW_KEY = re.compile(r"(?:course|ccx|library)-v1:")
OLD_KEY = re.compile(r"/courses?/([^/?#]+/[^/?#]+/[^/?#]+)\Z")
ORG_OF_NEW_KEY = re.compile(r"(?:course|ccx|library)-v1:([A-Za-z0-9_\-~.:%]+)\+")
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.", re.DOTALL)
HOST = re.compile(r"[^:]+://(?:[^/?#@]*@)?([^/?#]*)")
USAGE_KEY = re.compile(
    r"(?:.*?/xblock/)?((?:ccx-)?block-v1:.+?)(/answer|/hint/[0-9]+)?\Z", re.DOTALL
)


@dataclass(frozen=True)
class Landed:
    """A statement as it lies in the raw table. `received` is its rank of arrival."""

    event_id: str
    emission_time: datetime
    received: int
    statement: dict[str, Any]


@dataclass(frozen=True)
class Live:
    """A statement that counts, with what every state asks of it ('' = absent)."""

    event_id: str
    emission_time: datetime
    statement: dict[str, Any]
    verb_id: str
    object_id: str
    course_key: str
    org: str
    actor_id: str
    actor_home_page: str

    @property
    def is_of_open_edx(self) -> bool:
        """Whether the course is one of Open edX, which has a key; others have an IRI."""
        return self.course_key.startswith(OPEN_EDX_PREFIXES) or ":" not in self.course_key

    @property
    def is_about_the_course(self) -> bool:
        """Whether the object is the course itself."""
        return self.course_key != "" and self.course_key in (
            self.object_id,
            course_key_of(self.object_id),
        )


@dataclass(frozen=True, order=True)
class LearnerCourse:
    """The grain of most states."""

    org: str
    course_key: str
    actor_id: str
    actor_home_page: str


def at(value: Any, *path: str | int) -> Any:
    """The value at a path of keys and positions, None where there is none."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and len(value) > step else None
    return value


def text(value: Any) -> str:
    """A string as it is, '' for anything else."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> float | None:
    """A finite JSON number; text that looks like one is none, nor is true or false."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        value = float(value)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def name_in(names: Any) -> str:
    """The text of a language map: 'en', else 'en-US', else the first language by its tag."""
    if not isinstance(names, dict):
        return ""
    languages = ["en", "en-US", *sorted(names)]
    return next((name for language in languages if (name := text(names.get(language)))), "")


def course_key_of(url: str) -> str:
    """The course key at the end of a URL, '' when what stands there is no course key."""
    last = url.rsplit("/", 1)[-1]
    if NEW_KEY.match(last) and "+" in last:
        return last
    old = OLD_KEY.search(url)
    return old.group(1) if old else ""


def org_of(course_key: str) -> str:
    """The organisation a course key names, the host of an IRI; '' if it names none."""
    if ":" in course_key and not NEW_KEY.match(course_key):
        host = HOST.match(course_key)
        return host.group(1).lower() if host and host.group(1) else course_key.rpartition(":")[0]
    new = ORG_OF_NEW_KEY.match(course_key)
    if new:
        return new.group(1)
    return "" if NEW_KEY.match(course_key) or "/" not in course_key else course_key.split("/")[0]


def course_of(statement: dict[str, Any]) -> str:
    """The course of a statement (docs/sources.md): an Open edX key, else an IRI, else ''."""
    key = course_key_of(course_url(statement))
    if key and NEW_KEY.match(key):
        return key
    iri = text(at(course_activity(statement), "id"))
    in_iri = course_key_of(iri)
    if in_iri:
        return key or in_iri
    return iri if IRI.match(iri) and "-v1:" not in iri else key


def course_activity(statement: dict[str, Any]) -> Any:
    """The first activity of a course type: of the groupings, the parents, then the object."""
    activities = at(statement, "context", "contextActivities")
    around = [*as_list(at(activities, "grouping")), *as_list(at(activities, "parent"))]
    candidates = [*around, at(statement, "object")]
    return next((one for one in candidates if at(one, "definition", "type") in COURSE_TYPES), None)


def as_list(value: Any) -> list[Any]:
    """A list as it is, an activity alone as a list of one."""
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def course_url(statement: dict[str, Any]) -> str:
    """Where a statement says which course it belongs to (docs/sources.md)."""
    activities = at(statement, "context", "contextActivities")
    parent = at(activities, "parent", 0)
    if at(parent, "definition", "type") == COURSE_TYPE:
        return text(at(parent, "id"))
    if at(parent, "objectType") in ("Activity", "GroupActivity"):
        return text(at(activities, "grouping", 0, "id"))
    return text(at(statement, "object", "id"))


def actor_of(statement: dict[str, Any]) -> tuple[str, str]:
    """(actor id, home page); the home page belongs to an account and is '' without one."""
    actor = at(statement, "actor")
    account_name = text(at(actor, "account", "name"))
    if account_name:
        return account_name, text(at(actor, "account", "homePage"))
    identifiers = (text(at(actor, kind)) for kind in ("mbox", "mbox_sha1sum", "openid"))
    return next((identifier for identifier in identifiers if identifier), ""), ""


def block_and_part(statement: dict[str, Any]) -> tuple[str, str]:
    """(block id, problem part) of the object: a part of a problem belongs to its problem."""
    block_id = usage_key_of(text(at(statement, "object", "id")))
    parent = at(statement, "context", "contextActivities", "parent", 0)
    if at(parent, "objectType") == "GroupActivity":
        problem = usage_key_of(text(at(parent, "id")))
        if problem and block_id.startswith(problem + "_"):
            return problem, block_id[len(problem) + 1 :]
    return block_id, ""


def usage_key_of(object_id: str) -> str:
    """The block a URL or bare usage key is about, its hints and answer included."""
    found = USAGE_KEY.match(object_id)
    return found.group(1) if found else ""


def names_its_block(statement: dict[str, Any]) -> bool:
    """Whether the object is the block itself, not its answer, a hint or a part of it."""
    block_id, part = block_and_part(statement)
    return block_id != "" and part == "" and text(at(statement, "object", "id")).endswith(block_id)


def is_voiding(statement: dict[str, Any]) -> bool:
    verb_id, object_type = at(statement, "verb", "id"), at(statement, "object", "objectType")
    return (verb_id, object_type) == (ADL_VERB + "voided", "StatementRef")


def live_statements(landed: Iterable[Landed]) -> list[Live]:
    """What counts, ordered by (emission_time, event_id).

    The first copy of an id to land is the statement; voided statements are gone, and so are the
    voiding ones, which no other statement can void.
    """
    first: dict[str, Landed] = {}
    for one in sorted(landed, key=lambda one: one.received):
        first.setdefault(one.event_id.lower(), one)
    voided = {
        text(at(one.statement, "object", "id")).lower()
        for one in first.values()
        if is_voiding(one.statement)
    }
    live = [
        read(event_id, one)
        for event_id, one in first.items()
        if event_id not in voided and not is_voiding(one.statement)
    ]
    return sorted(live, key=lambda one: (one.emission_time, one.event_id))


def read(event_id: str, landed: Landed) -> Live:
    course_key = course_of(landed.statement)
    actor_id, actor_home_page = actor_of(landed.statement)
    return Live(
        event_id=event_id,
        emission_time=landed.emission_time,
        statement=landed.statement,
        verb_id=text(at(landed.statement, "verb", "id")),
        object_id=text(at(landed.statement, "object", "id")),
        course_key=course_key,
        org=org_of(course_key),
        actor_id=actor_id,
        actor_home_page=actor_home_page,
    )


def by_learner_and_course(landed: Iterable[Landed]) -> dict[LearnerCourse, list[Live]]:
    """Every learner's statements in every course, ordered by (emission_time, event_id)."""
    grains: dict[LearnerCourse, list[Live]] = defaultdict(list)
    for one in live_statements(landed):
        if one.course_key and one.actor_id:
            grain = LearnerCourse(one.org, one.course_key, one.actor_id, one.actor_home_page)
            grains[grain].append(one)
    return dict(sorted(grains.items()))
