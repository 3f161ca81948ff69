"""In what two statements of one id differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from loader.envelope import ADDED_BY_STORES

_MISSING = object()


def differences(one: bytes, other: bytes) -> Iterator[str]:
    """The members in which two statements differ, as paths (`result.score.raw`), in their order.

    What a store may add is no difference.
    """
    try:
        first, second = json.loads(one), json.loads(other)
    except (ValueError, RecursionError):
        return
    for name in (*ADDED_BY_STORES, "id"):
        for statement in (first, second):
            if isinstance(statement, dict):
                statement.pop(name, None)
    yield from _differences(first, second, "")


def _differences(first: Any, second: Any, path: str) -> Iterator[str]:
    if isinstance(first, dict) and isinstance(second, dict):
        for name in dict.fromkeys((*first, *second)):
            inside = f"{path}.{name}" if path else name
            yield from _differences(first.get(name, _MISSING), second.get(name, _MISSING), inside)
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for number, (left, right) in enumerate(zip(first, second, strict=True)):
            yield from _differences(left, right, f"{path}[{number}]")
    elif type(first) is not type(second) or first != second:
        # In Python 1 equals 1.0, which is no difference, and True, which is one.
        if {type(first), type(second)} == {int, float} and first == second:
            return
        yield path
