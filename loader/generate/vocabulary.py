"""The IRIs of Open edX statements, and the verbs with their name spaces."""

from __future__ import annotations

import hashlib
import json
import uuid

LMS_ROOT = "https://lms.example.com"

ADL = "http://adlnet.gov/expapi/verbs/"
ACTIVITIES = "http://adlnet.gov/expapi/activities/"
ACROSSX = "https://w3id.org/xapi/acrossx/"
DOD_ISD = "https://w3id.org/xapi/dod-isd/verbs/"
TINCAN = "http://id.tincanapi.com/"
VIDEO = "https://w3id.org/xapi/video/"
OPENEDX = "https://w3id.org/xapi/openedx/"

COURSE_TYPE = f"{ACTIVITIES}course"
INTERACTION_TYPE = f"{ACTIVITIES}cmi.interaction"
QUESTION_TYPE = f"{ACTIVITIES}question"
MODULE_TYPE = f"{ACTIVITIES}module"
LINK_TYPE = f"{ACTIVITIES}link"
ATTEMPT_TYPE = f"{ACTIVITIES}attempt"
RESOURCE_TYPE = f"{TINCAN}activitytype/resource"
SOLUTION_TYPE = f"{TINCAN}activitytype/solution"
DISCUSSION_TYPE = f"{TINCAN}activitytype/discussion"
HINT_TYPE = f"{ACROSSX}extensions/supplemental-info"
VIDEO_TYPE = f"{VIDEO}activity-type/video"

KIND = f"{ACROSSX}extensions/type"
TOTAL_ITEMS = f"{ACROSSX}extensions/total-items"
TIME_LIMIT = f"{ACROSSX}extensions/time-limit"
ATTEMPT_ID = f"{TINCAN}extension/attempt-id"
STARTING_POSITION = f"{TINCAN}extension/starting-position"
ENDING_POINT = f"{TINCAN}extension/ending-point"
DURATION = f"{TINCAN}extension/duration"
LENGTH = f"{VIDEO}extensions/length"
POSITION = f"{VIDEO}extensions/time"
POSITION_FROM = f"{VIDEO}extensions/time-from"
POSITION_TO = f"{VIDEO}extensions/time-to"
CAPTIONS = f"{VIDEO}extensions/cc-enabled"
SPEED_FROM = f"{OPENEDX}extension/speed-from"
SPEED_TO = f"{OPENEDX}extension/speed-to"
ATTEMPT_STARTED = f"{OPENEDX}extension/attempt-started"
ATTEMPT_COMPLETED = f"{OPENEDX}extension/attempt-completed"
TRANSFORMER_VERSION = f"{OPENEDX}extension/transformer-version"
SESSION_ID = f"{OPENEDX}extensions/session-id"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
GRADE_LETTER = "http://www.tincanapi.co.uk/activitytypes/grade_classification"

_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def json_text(value: object) -> str:
    """Return JSON as Open edX writes it: a blank after comma and colon, all ASCII."""
    return json.dumps(value)


def namespace(name: str) -> bytes:
    """Return the name space of statement ids for a verb, or for a verb and a problem part."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, name).bytes


def uuid5_text(space: bytes, name: str) -> str:
    """Return the version 5 UUID of a name; `uuid.uuid5` takes three times as long."""
    digits = hashlib.sha1(space + name.encode(), usedforsecurity=False).hexdigest()
    return (
        f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-"
        f"{_VARIANT[digits[16]]}{digits[17:20]}-{digits[20:32]}"
    )


class Verb:
    """A verb as JSON text, with the name space of the ids of its statements."""

    __slots__ = ("json", "space")

    def __init__(self, iri: str) -> None:
        self.json = json_text({"id": iri, "display": {"en": iri.rsplit("/", 1)[1]}})
        self.space = namespace(self.json)

    def part_space(self, part_id: str) -> bytes:
        """Return the name space of the ids of statements about one part of a problem."""
        return namespace(f"{self.json}-{part_id}")


REGISTERED = Verb(f"{ADL}registered")
UNREGISTERED = Verb(f"{TINCAN}verb/unregistered")
PASSED = Verb(f"{ADL}passed")
FAILED = Verb(f"{ADL}failed")
EARNED = Verb(f"{TINCAN}verb/earned")
ATTEMPTED = Verb(f"{ADL}attempted")
EVALUATED = Verb(f"{ACROSSX}verbs/evaluated")
ASKED = Verb(f"{ADL}asked")
COMPLETED = Verb(f"{ADL}completed")
PROGRESSED = Verb(f"{ADL}progressed")
INITIALIZED = Verb(f"{ADL}initialized")
TERMINATED = Verb(f"{ADL}terminated")
INTERACTED = Verb(f"{ADL}interacted")
PLAYED = Verb(f"{VIDEO}verbs/played")
PAUSED = Verb(f"{VIDEO}verbs/paused")
SEEKED = Verb(f"{VIDEO}verbs/seeked")
NAVIGATED = Verb(f"{DOD_ISD}navigated")
DELETED = Verb(f"{DOD_ISD}deleted")
POSTED = Verb(f"{ACROSSX}verbs/posted")
EDITED = Verb(f"{ACROSSX}verbs/edited")
REPORTED = Verb(f"{ACROSSX}verbs/reported")
VIEWED = Verb(f"{TINCAN}verb/viewed")
VOTED = Verb(f"{OPENEDX}verb/voted")
UNREPORTED = Verb(f"{OPENEDX}verb/unreported")
VOIDED = Verb(f"{ADL}voided")
