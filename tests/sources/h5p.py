"""H5P: what it sends names no course; the platform that plays it may add one to the grouping."""

from __future__ import annotations

from typing import Any

from tests.sources.parts import ACTIVITIES, ADL, Activity, activity, dated
from tests.statements import Statement

SITE = "https://school.example"
COURSE = "https://school.example/courses/geology"
EMBEDDED = f"{SITE}/wp-admin/admin-ajax.php?action=h5p_embed&id=3"
QUESTION = f"{EMBEDDED}?subContentId=5fd3f4a8-1c04-4bb1-8a4c-0c8d6e1d1a11"
ANA = "mailto:ana@school.example"

GEOLOGY = activity(COURSE, ACTIVITIES + "course", en_US="Geology")
QUESTION_SET, MULTIPLE_CHOICE = "H5P.QuestionSet-1.20", "H5P.MultiChoice-1.16"


def statements() -> list[Statement]:
    """Ana does a question set within a course, and once more where no one names a course."""
    return dated("h5p", [*played([GEOLOGY]), *played([])])


def played(grouping: list[Activity]) -> list[Statement]:
    """A question set of one question, opened, answered twice and finished."""
    whole = activity(EMBEDDED, en_US="Rocks")
    part = activity(QUESTION, ACTIVITIES + "cmi.interaction", en_US="Which rock floats?")
    part["definition"] |= {
        "interactionType": "choice",
        "description": {"en-US": "Which rock floats?\n"},
        "correctResponsesPattern": ["0"],
    }
    text = activity(f"{EMBEDDED}?subContentId=text", en_US="Read this first")
    around_part: dict[str, Any] = {"parent": [activity(EMBEDDED)], "grouping": grouping}
    wrong, right = scored(0), scored(1)
    return [
        said("attempted", whole, QUESTION_SET, grouping=grouping),
        said("interacted", part, MULTIPLE_CHOICE, **around_part),
        said("answered", part, MULTIPLE_CHOICE, wrong | {"response": "1"}, **around_part),
        said("answered", part, MULTIPLE_CHOICE, right | {"response": "0"}, **around_part),
        said("progressed", whole, QUESTION_SET, grouping=grouping),
        said("completed", whole, QUESTION_SET, right, grouping=grouping),
        said("consumed", text, "H5P.AdvancedText-1.1", {"completion": True}, **around_part),
    ]


def scored(raw: int) -> dict[str, Any]:
    """The result that H5P makes of so many points of 1."""
    return {
        "score": {"min": 0, "max": 1, "raw": raw, "scaled": raw},
        "completion": True,
        "success": raw == 1,
        "duration": "PT4.4S",
    }


def said(
    verb: str,
    what: Activity,
    library: str,
    result: dict[str, Any] | None = None,
    **around: list[Activity],
) -> Statement:
    """A statement of H5P; `around` are its context activities."""
    consumed = "http://activitystrea.ms/schema/1.0/consume"
    category = activity(f"http://h5p.org/libraries/{library}")
    return {
        "actor": {"name": "Ana", "mbox": ANA, "objectType": "Agent"},
        "verb": {
            "id": consumed if verb == "consumed" else ADL + verb,
            "display": {"en-US": verb},
        },
        "object": what,
        "context": {"contextActivities": around | {"category": [category]}},
    } | ({"result": result} if result else {})
