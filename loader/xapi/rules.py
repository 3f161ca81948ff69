"""The rules a statement can break, each with its section in both versions of xAPI.

`docs/validation.md` lists them for readers; a test keeps the two alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, unique
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

SPECIFICATIONS = ("xAPI 1.0.3 part 2", "IEEE 9274.1.1")

Path = tuple[str | int, ...]
"""Where a value is: names of properties, and places in arrays from 0."""


class Sections(NamedTuple):
    """Where a rule stands: in xAPI 1.0.3 part 2 (Data), and in IEEE 9274.1.1 (xAPI 2.0)."""

    one: str
    two: str


@unique
class Rule(Enum):
    """A rule: its sentence says what is wrong with the value at a path."""

    # Of every object; see `section_of`.
    JSON = ("not JSON", "2.2", "4.2")
    TYPE = ("of the wrong type", "2.2", "4.2.1")
    NULL = ("null, which is allowed inside extensions only", "2.2", "4.2.1")
    REQUIRED = ("missing", "2.2", "4.2.1")
    UNKNOWN_PROPERTY = ("no such property in the specification", "2.2", "4.2.1")
    REPEATED_PROPERTY = ("more than once in one object", "2.2", "4.2.1")
    VOCABULARY = ("not a value that the specification lists", "2.2", "4.2.1")

    # Of values.
    IRI = ("not an absolute IRI", "4.3", "4.2.7")
    UUID = ("not a UUID in its standard form", "4.4", "4.2.7")
    TIMESTAMP = ("not a date and time as of ISO 8601", "4.5", "4.2.7")
    TIMESTAMP_RFC_3339 = ("not a date and time with an offset as of RFC 3339", "4.5", "4.2.7")
    DURATION = ("not a duration as of ISO 8601", "4.6", "4.2.7")
    LANGUAGE_TAG = ("not a language tag as of RFC 5646", "4.2", "4.2.7")
    LANGUAGE_MAP = ("a language map without any language", "4.2", "4.2.7")
    EXTENSION_KEY = ("the key of an extension is not an absolute IRI", "4.1", "4.2.7")
    NUMBER = ("not a number", "2.2", "4.2.1")
    VERSION = ("not 1.0.x and not 2.0.x", "2.4.10", "4.2.2")

    # Of actors.
    MBOX = ("not an e-mail address as mailto:name@host", "2.4.2.3", "4.2.2.1")
    MBOX_SHA1SUM = ("not a SHA-1 in 40 hexadecimal digits", "2.4.2.3", "4.2.2.1")
    NO_IDENTIFIER = ("has none of mbox, mbox_sha1sum, openid, account", "2.4.2.3", "4.2.2.1")
    SEVERAL_IDENTIFIERS = (
        "has more than one of mbox, mbox_sha1sum, openid, account",
        "2.4.2.3",
        "4.2.2.1",
    )
    GROUP_WITHOUT_MEMBERS = (
        "a group that has neither an identifier nor members",
        "2.4.2.2",
        "4.2.2.1",
    )
    GROUP_IN_GROUP = ("a group as the member of a group", "2.4.2.2", "4.2.4.2")
    AUTHORITY = ("neither an agent nor a group of two agents without identifier", "2.4.9", "4.2.2")

    # Of activities.
    INTERACTION_TYPE = ("an interaction without interactionType", "2.4.4.1", "4.2.4.2")
    COMPONENT_LIST = ("not a list of this interactionType", "2.4.4.1", "4.2.2.3")
    COMPONENT_IDS = ("two components with one id", "2.4.4.1", "4.2.2.3")

    # Of results, contexts and attachments.
    SCALED = ("not between -1 and 1", "2.4.5.1", "4.2.2.4")
    SCORE_RANGE = ("min is not less than max", "2.4.5.1", "4.2.2.4")
    RAW_SCORE = ("not between min and max", "2.4.5.1", "4.2.2.4")
    ACTIVITY_ONLY = ("of use only if the object is an Activity", "2.4.6", "4.2.2.5")
    ONLY_IN_2_0 = ("not in xAPI 1.0.x, only in 2.0", "2.4.6", "4.2.2.5")
    RELEVANT_TYPES = ("an empty list", "2.4.6", "4.2.2.5")
    SHA2 = ("not a SHA-2 in hexadecimal digits", "2.4.11", "4.2.2.6")
    MEDIA_TYPE = ("not a media type as type/subtype", "2.4.11", "4.2.2.6")
    LENGTH = ("not a number of bytes", "2.4.11", "4.2.2.6")
    SIGNATURE = ("a signature that is not application/octet-stream", "2.6", "4.2.6")

    # Of statements about statements.
    SUB_STATEMENT = ("not allowed in a SubStatement", "2.4.4.3", "4.2.2.3")
    NESTED_SUB_STATEMENT = ("a SubStatement within a SubStatement", "2.4.4.3", "4.2.4.2")
    VOIDING = ("a voiding statement needs a StatementRef as its object", "2.3.2", "4.2.5")

    def __init__(self, sentence: str, one: str, two: str) -> None:
        self.sentence = sentence
        self.sections = Sections(one, two)

    @property
    def code(self) -> str:
        """The rule's name in outputs: kept for good, so that programs may rely on it."""
        return self.name.lower()

    def broken(self, *at: str) -> InitErrorDetails:
        """Said by the validator of an object, `at` being the way from it to what is wrong."""
        # The input is not looked at, but None would be taken for a null.
        error = PydanticCustomError(self.code, self.sentence)
        return InitErrorDetails(type=error, loc=at, input=self.code)


def refuse(broken: Iterable[InitErrorDetails]) -> None:
    """Raise what a validator found, all of it together, if it found anything."""
    found = list(broken)
    if found:
        raise ValidationError.from_exception_data("xAPI", found)


# Of rules that hold for any object, the section is the one that lists its properties.
_SECTIONS = {
    "": Sections("2.4", "4.2.2"),
    "actor": Sections("2.4.2", "4.2.2.1"),
    "instructor": Sections("2.4.2", "4.2.2.1"),
    "team": Sections("2.4.2.2", "4.2.2.1"),
    "member": Sections("2.4.2.1", "4.2.2.1"),
    "agent": Sections("2.4.2.1", "4.2.2.1"),
    "group": Sections("2.4.2.2", "4.2.2.1"),
    "account": Sections("2.4.2.4", "4.2.2.1"),
    "authority": Sections("2.4.9", "4.2.2"),
    "verb": Sections("2.4.3", "4.2.2.2"),
    "object": Sections("2.4.4", "4.2.2.3"),
    "definition": Sections("2.4.4.1", "4.2.2.3"),
    **dict.fromkeys(
        ("choices", "scale", "source", "target", "steps"), Sections("2.4.4.1", "4.2.2.3")
    ),
    "result": Sections("2.4.5", "4.2.2.4"),
    "score": Sections("2.4.5.1", "4.2.2.4"),
    "context": Sections("2.4.6", "4.2.2.5"),
    "contextActivities": Sections("2.4.6.2", "4.2.2.5"),
    **dict.fromkeys(("parent", "grouping", "category", "other"), Sections("2.4.4.1", "4.2.2.3")),
    "contextAgents": Sections("2.4.6", "4.2.2.5"),
    "contextGroups": Sections("2.4.6", "4.2.2.5"),
    "statement": Sections("2.4.4.3", "4.2.2.3"),
    "attachments": Sections("2.4.11", "4.2.2.6"),
}
_OF_OBJECTS = (Rule.REQUIRED, Rule.VOCABULARY)


def section_of(rule: Rule, path: Path, two: bool) -> str:
    """Where the specification has the rule, for a value at `path`."""
    sections = rule.sections
    if rule in _OF_OBJECTS:
        names = [part for part in path[:-1] if isinstance(part, str)]
        sections = _SECTIONS.get(names[-1] if names else "", sections)
    return f"{SPECIFICATIONS[two]}, {sections[two]}"
