"""The SCORM profile: attempt and course among the groupings, interactions below their lesson."""

from __future__ import annotations

from typing import Any

from tests.sources.parts import ACTIVITIES, ADL, Activity, activity, dated
from tests.statements import Statement

COURSE = "urn:scorm:roses"
LESSON = "https://content.example/roses/lesson-1"
INTERACTION = f"{LESSON}/interactions/q1"
DAN = "mailto:dan@content.example"

ROSES = activity(COURSE, ACTIVITIES + "course", en_US="Roses")
WHOLE = activity(LESSON, ACTIVITIES + "lesson", en_US="Pruning")
ATTEMPT = activity(f"{LESSON}?attemptId=50a8a0b3", ACTIVITIES + "attempt")


def statements() -> list[Statement]:
    """Dan works through a lesson with one question, and passes the course."""
    question = activity(INTERACTION, ACTIVITIES + "cmi.interaction")
    question["definition"]["interactionType"] = "true-false"
    around: dict[str, Any] = {"grouping": [ATTEMPT, ROSES]}
    return dated(
        "scorm",
        [
            said("initialized", WHOLE, **around),
            said(
                "responded",
                question,
                {"response": "true", "success": True},
                parent=[WHOLE],
                **around,
            ),
            said("suspended", WHOLE, {"duration": "PT5M"}, **around),
            said("resumed", WHOLE, **around),
            said("completed", WHOLE, {"completion": True}, **around),
            said("terminated", WHOLE, {"duration": "PT9M"}, **around),
            said("passed", ROSES, {"success": True, "score": {"scaled": 0.7}}, grouping=[ATTEMPT]),
        ],
    )


def said(
    verb: str, what: Activity, result: dict[str, Any] | None = None, **around: list[Activity]
) -> Statement:
    """A statement of the profile."""
    category = activity("https://w3id.org/xapi/scorm")
    return {
        "actor": {"objectType": "Agent", "mbox": DAN},
        "verb": {"id": ADL + verb, "display": {"en-US": verb}},
        "object": what,
        "context": {"contextActivities": around | {"category": [category]}},
    } | ({"result": result} if result else {})
