"""What statements of several sources are made of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from tests.statements import Statement

Activity = dict[str, Any]

ADL = "http://adlnet.gov/expapi/verbs/"
ACTIVITIES = "http://adlnet.gov/expapi/activities/"
ANA, BEN, CLEO = "ana", "ben", "cleo"


def account(name: str, home_page: str) -> dict[str, Any]:
    """A learner who has an account on a platform."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


def activity(iri: str, kind: str = "", **names: str) -> Activity:
    """An activity of a type ('' = none told), with its names by language."""
    definition: dict[str, Any] = {"type": kind} if kind else {}
    if names:
        definition["name"] = {tag.replace("_", "-"): name for tag, name in names.items()}
    return {"id": iri, "objectType": "Activity"} | (
        {"definition": definition} if definition else {}
    )


def dated(story: str, statements: Iterable[Statement]) -> list[Statement]:
    """The statements of a story with their ids, an hour between one and the next."""
    return [
        {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{story} {hour}")),
            **statement,
            "timestamp": f"2026-03-{2 + hour // 24:02}T{hour % 24:02}:30:00.000Z",
        }
        for hour, statement in enumerate(statements)
    ]
