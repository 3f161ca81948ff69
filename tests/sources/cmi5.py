"""cmi5: sessions of assignable units under a registration, and what the LMS says of the course."""

from __future__ import annotations

from typing import Any

from tests.sources.parts import ADL, ANA, BEN, CLEO, Activity, account, activity, dated
from tests.statements import Statement

HOME = "https://lms.example/"
COURSE = "https://lms.example/cmi5/courses/6e8bc430"
UNIT = "https://lms.example/cmi5/units/0f2d"
SEALED_UNIT = "https://lms.example/cmi5/units/7c11"
REGISTRATIONS = {
    ANA: "8c59cfbb-223b-4c60-b27c-6b04540d9740",
    BEN: "4eb0e063-669b-479a-86b3-f9be9ac88a1d",
    CLEO: "351931cc-a660-4b33-a069-8d1622395c0e",
}

SAFETY = activity(
    COURSE, "https://w3id.org/xapi/cmi5/activitytype/course", en_US="Laboratory safety"
)
BLOCK = activity(
    "https://lms.example/cmi5/blocks/1", "https://w3id.org/xapi/cmi5/activitytype/block"
)
PUBLISHED = activity("https://publisher.example/courses/safety/units/1")
CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
LMS_VERB = "https://w3id.org/xapi/adl/verbs/"


def statements() -> list[Statement]:
    """Ana satisfies the course, Ben fails a unit and abandons it, Cleo's units name no course."""
    unit, sealed = activity(UNIT, en_US="Fire"), activity(SEALED_UNIT)
    inside = [PUBLISHED, SAFETY]
    done = {"completion": True, "duration": "PT12M30S"}
    return dated(
        "cmi5",
        [
            said(ANA, ADL + "launched", unit, inside),
            said(ANA, ADL + "initialized", unit, inside),
            said(ANA, ADL + "completed", unit, inside, done, MOVE_ON),
            said(
                ANA,
                ADL + "passed",
                unit,
                inside,
                {"success": True, "score": {"scaled": 0.95}, "duration": "PT13M"},
                MOVE_ON,
            ),
            said(ANA, LMS_VERB + "satisfied", BLOCK, [PUBLISHED, SAFETY]),
            said(ANA, LMS_VERB + "satisfied", SAFETY, [PUBLISHED]),
            said(ANA, ADL + "terminated", unit, inside, {"duration": "PT14M"}),
            said(BEN, ADL + "launched", unit, inside),
            said(
                BEN,
                ADL + "failed",
                unit,
                inside,
                {"success": False, "score": {"scaled": 0.2}},
                MOVE_ON,
            ),
            said(BEN, LMS_VERB + "abandoned", unit, inside, {"duration": "PT2M"}),
            said(BEN, LMS_VERB + "waived", unit, inside, {"success": True, "completion": True}),
            said(CLEO, ADL + "initialized", sealed, [PUBLISHED]),
            said(CLEO, ADL + "completed", sealed, [PUBLISHED], done, MOVE_ON),
        ],
    )


def said(
    who: str,
    verb: str,
    what: Activity,
    grouping: list[Activity],
    result: dict[str, Any] | None = None,
    *categories: str,
) -> Statement:
    """A statement that cmi5 defines."""
    return {
        "actor": account(who, HOME),
        "verb": {"id": verb, "display": {"en": verb.rsplit("/", 1)[-1]}},
        "object": what,
        "context": {
            "registration": REGISTRATIONS[who],
            "contextActivities": {
                "grouping": grouping,
                "category": [activity(category) for category in (CMI5, *categories)],
            },
            "extensions": {
                "https://w3id.org/xapi/cmi5/context/extensions/sessionid": REGISTRATIONS[who][:8]
            },
        },
    } | ({"result": result} if result else {})
