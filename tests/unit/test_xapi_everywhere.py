"""What holds at every place of a statement, and of a SubStatement, in both versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from loader.xapi import Rule, Violation, violations
from tests.unit.complete_statement import (
    AGENT,
    COMPLETE,
    REMOVED,
    SUB_STATEMENT,
    WITHOUT_PLATFORM,
    changed,
    text,
)

CONTEXT_AGENT = {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["x:y"]}
GROUP = {"objectType": "Group", "member": [AGENT]}
CONTEXT_GROUP = {"objectType": "contextGroup", "group": GROUP, "relevantTypes": ["x:y"]}
OF_2_0 = {
    "version": "2.0.0",
    "context/contextAgents": [CONTEXT_AGENT],
    "context/contextGroups": [CONTEXT_GROUP],
}
WITH_SUB_STATEMENT = changed({"object": SUB_STATEMENT} | WITHOUT_PLATFORM)
STATEMENTS = {
    "1.0.3": COMPLETE,
    "2.0": changed(OF_2_0),
    "a SubStatement in 1.0.3": WITH_SUB_STATEMENT,
    "a SubStatement in 2.0": changed(
        {f"object/{path}": value for path, value in OF_2_0.items() if path != "version"}
        | {"version": "2.0.0"},
        of=WITH_SUB_STATEMENT,
    ),
}
MAPS = ("display", "description", "name", "extensions")


def places(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every place and what is there, but for what is inside extensions and language maps."""
    inner: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = enumerate(value)
    for key, one in inner:
        yield f"{path}{key}", one
        if not (key in MAPS and isinstance(one, dict)):
            yield from places(one, f"{path}{key}/")


PLACES = [
    pytest.param(of, path, value, id=f"{name}: {path}")
    for name, of in STATEMENTS.items()
    for path, value in places(of)
]


def found_at(path: str, found: list[Violation]) -> list[Rule]:
    spelled = re.sub(r"/(\d+)", r"[\1]", path).replace("/", ".")
    return [one.rule for one in found if one.path == spelled]


def test_the_statements_are_valid() -> None:
    for statement in STATEMENTS.values():
        assert violations(text(statement)) == []


@pytest.mark.parametrize(("of", "path", "value"), PLACES)
def test_at_every_place(of: dict[str, Any], path: str, value: Any) -> None:
    assert found_at(path, violations(changed({path: None}, of=of))) == [Rule.NULL]
    for wrong in wrong_types(path, value):
        assert violations(text(changed({path: wrong}, of=of))), wrong
    *_, key = path.split("/")
    if isinstance(value, dict) and key not in MAPS:
        within = f"{path}/more"
        assert found_at(within, violations(changed({within: 1}, of=of))) == [Rule.UNKNOWN_PROPERTY]
    if not key.isdigit():
        in_other_case = path[: -len(key)] + key.swapcase()
        moved = violations(changed({path: REMOVED, in_other_case: value}, of=of))
        assert found_at(in_other_case, moved) == [Rule.UNKNOWN_PROPERTY]


def wrong_types(path: str, value: Any) -> Iterator[Any]:
    """Values of the other types, those that look like the right one too."""
    if not isinstance(value, bool):
        yield True
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield from (0, 1, 12345)
    if not isinstance(value, str):
        yield from ("", str(value), "true", "1")
    if not isinstance(value, list) and not path.endswith("contextActivities/grouping"):
        yield from ([], [value], ["x"])
    if not isinstance(value, dict):
        yield from ({}, {"key": "should not be here"})
