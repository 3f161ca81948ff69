"""A statement that has nearly everything the specification knows, and copies with a change."""

from __future__ import annotations

import json
from typing import Any

REMOVED: Any = object()

AGENT = {"objectType": "Agent", "name": "Ana", "mbox": "mailto:ana@school.example"}
ACCOUNT = {"homePage": "https://school.example", "name": "ana"}
ACTIVITY: dict[str, Any] = {"objectType": "Activity", "id": "https://school.example/unit/1"}
REFERENCE = {"objectType": "StatementRef", "id": "0b9a6f0a-9a5c-4a5f-8c55-3f1c0f9d2a11"}

COMPLETE: dict[str, Any] = {
    "id": "7f4f1a52-3f0e-4f6e-9e2f-5a1c9f5a7d10",
    "version": "1.0.3",
    "actor": AGENT,
    "verb": {
        "id": "http://adlnet.gov/expapi/verbs/answered",
        "display": {"en": "answered", "pt-BR": "respondeu"},
    },
    "object": {
        "objectType": "Activity",
        "id": "https://school.example/quiz/7#question-2",
        "definition": {
            "name": {"en-US": "Question 2"},
            "description": {"en-US": "Which of these float?"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "moreInfo": "https://school.example/quiz/7/about?lang=en",
            "interactionType": "choice",
            "correctResponsesPattern": ["cork[,]oil"],
            "choices": [
                {"id": "cork", "description": {"en": "Cork"}},
                {"id": "oil"},
                {"id": "iron"},
            ],
            "extensions": {"https://school.example/x/level": None},
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10.0},
        "success": False,
        "completion": True,
        "response": "cork",
        "duration": "PT1M30.25S",
        "extensions": {"https://school.example/x/tries": {"first": [1, "", {}]}},
    },
    "context": {
        "registration": "D9E6C2F0-1D53-11F0-8DE9-0242AC120002",
        "instructor": {"objectType": "Group", "member": [{"account": ACCOUNT}, AGENT]},
        "team": {"objectType": "Group", "openid": "https://id.example/blue", "member": [AGENT]},
        "contextActivities": {
            "parent": [{"id": "https://school.example/quiz/7"}],
            "grouping": ACTIVITY,
            "category": [],
            "other": [ACTIVITY, {"id": "urn:isbn:9780306406157"}],
        },
        "revision": "2",
        "platform": "School",
        "language": "de-CH-1996",
        "statement": REFERENCE,
        "extensions": {},
    },
    "timestamp": "2026-02-28T23:59:59.123456+05:30",
    "stored": "2026-03-01T00:00:00Z",
    "authority": {"objectType": "Group", "member": [{"account": ACCOUNT}, AGENT]},
    "attachments": [
        {
            "usageType": "https://school.example/usage/essay",
            "display": {"en": "Essay"},
            "description": {"en": "Hand-written"},
            "contentType": 'text/plain; charset="utf-8"',
            "length": 0,
            "sha2": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "fileUrl": "https://school.example/files/1.txt",
        }
    ],
}

SUB_STATEMENT = {
    "objectType": "SubStatement",
    **{
        name: COMPLETE[name]
        for name in ("actor", "verb", "object", "result", "context", "timestamp", "attachments")
    },
}

# What only goes with an Activity as the object.
WITHOUT_PLATFORM: dict[str, Any] = {"context/revision": REMOVED, "context/platform": REMOVED}


def changed(changes: dict[str, Any], of: dict[str, Any] = COMPLETE) -> dict[str, Any]:
    """A copy with other values at some paths, written as a/b/0/c; REMOVED takes one out."""
    made: dict[str, Any] = _copy(of)
    for path, value in changes.items():
        *way, last = (int(part) if part.isdigit() else part for part in path.split("/"))
        inner: Any = made
        for part in way:
            inner = inner[part]
        if value is REMOVED:
            del inner[last]
        else:
            inner[last] = _copy(value)
    return made


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value))  # unlike in a deep copy, nothing is shared


def text(statement: Any) -> bytes:
    """A statement as a store would send it."""
    return json.dumps(statement, ensure_ascii=False).encode()
