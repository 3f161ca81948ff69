"""xAPI 2.0 (IEEE 9274.1.1): contexts of agents and groups, and activities without an array."""

from __future__ import annotations

from tests.sources.parts import ACTIVITIES, ADL, ANA, BEN, account, activity, dated
from tests.statements import Statement

HOME = "https://two.example"
COURSE = "https://Two.Example:8443/programmes/geo"


def statements() -> list[Statement]:
    """Ana opens a lesson, in the company of Ben."""
    course = activity(COURSE, ACTIVITIES + "course", fr="Géographie")
    return dated(
        "xapi 2.0",
        [
            {
                "version": "2.0.0",
                "actor": account(ANA, HOME),
                "verb": {"id": ADL + "experienced"},
                "object": activity(f"{HOME}/lessons/1", ACTIVITIES + "lesson", fr="Leçon"),
                "context": {
                    "registration": "5ba84750-2bc2-4793-8fad-b2ffde5ea3a3",
                    "contextActivities": {"parent": course},
                    "contextAgents": [
                        {
                            "objectType": "contextAgent",
                            "agent": account(BEN, HOME),
                            "relevantTypes": ["https://two.example/types/partner"],
                        }
                    ],
                    "contextGroups": [
                        {
                            "objectType": "contextGroup",
                            "group": {
                                "objectType": "Group",
                                "account": account("g", HOME)["account"],
                            },
                        }
                    ],
                },
            }
        ],
    )
