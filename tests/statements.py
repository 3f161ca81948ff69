"""Statements for tests: one good one, changed where a test looks."""

from __future__ import annotations

import json
import uuid
from typing import Any

Statement = dict[str, Any]

REMOVED: Any = object()  # as a member's value: the statement has no such member


def statement(number: int = 1, **changes: Any) -> Statement:
    """A good statement; equal numbers give equal statements. `changes` replace members."""
    made: Statement = {
        "id": str(uuid.UUID(int=number)),
        "actor": {"account": {"homePage": "https://lms.example", "name": f"learner{number % 7}"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/registered"},
        "object": {"id": "https://lms.example/course/course-v1:Org+Demo+1"},
        "timestamp": "2026-03-01T10:00:00.123456+00:00",
    }
    made |= changes
    return {name: value for name, value in made.items() if value is not REMOVED}


def text(made: Statement) -> bytes:
    """A statement as one line, without its end."""
    return json.dumps(made, ensure_ascii=False).encode()


def lines(*made: Statement | bytes) -> bytes:
    """Statements, or bytes as they are, as lines."""
    return b"".join((one if isinstance(one, bytes) else text(one)) + b"\n" for one in made)
