"""What is wrong with a statement: paths, rules and sections in place of a validation error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import jiter
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from loader.xapi.rules import Path, Rule, section_of
from loader.xapi.statements import Statement

validate = Statement.__pydantic_validator__.validate_python


@dataclass(frozen=True)
class Violation:
    """A rule that a statement breaks."""

    path: str  # as context.contextActivities.parent[0].id; "" is the statement itself
    rule: Rule
    section: str  # as "xAPI 1.0.3 part 2, 2.4.6.2"
    message: str  # what is wrong with the value at the path

    def __str__(self) -> str:
        return f"{self.path or 'statement'}: {self.message} ({self.rule.code}; {self.section})"


def violations(statement: bytes | str | dict[str, Any]) -> list[Violation]:
    """Every rule of the specification that a statement breaks; none if it is valid.

    A statement is checked as of its version: 2.0 (IEEE 9274.1.1) if it says so or has what
    only 2.0 has, else 1.0.3. Text must be JSON as of RFC 8259, without repeated
    properties; of a dictionary, no more is known than its last values. Rules about two
    properties together are checked when each of them is valid.
    """
    if isinstance(statement, str):
        statement = statement.encode(errors="surrogatepass")
    value: Any = statement
    if isinstance(statement, bytes):
        try:
            value = jiter.from_json(
                statement, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys"
            )
        except ValueError as error:
            return [_of_text(statement, str(error))]
    try:
        validate(value)
    except ValidationError as error:
        return list(_without_consequences(_of_errors(error), _is_of_2_0(value)))
    return []


def _is_of_2_0(statement: Any) -> bool:
    """Whether IEEE 9274.1.1 is what a statement, valid or not, goes by (see `Statement`)."""
    if not isinstance(statement, dict):
        return False
    version = statement.get("version")
    if isinstance(version, str):
        return version.startswith("2")
    target = statement.get("object")
    places = (statement, target if isinstance(target, dict) else {})
    contexts = (place.get("context") for place in places)
    return any(
        isinstance(context, dict) and ("contextAgents" in context or "contextGroups" in context)
        for context in contexts
    )


@dataclass(frozen=True)
class _Broken:
    path: Path
    rule: Rule
    message: str


def _of_errors(error: ValidationError) -> Iterator[_Broken]:
    for one in error.errors(include_url=False):
        path = _path_of(one)
        rule = _rule_of(one, path)
        yield _Broken(path, rule, _message(rule, path, one))


# Members of a union have marks of this kind in pydantic's paths.
_UNIONS = frozenset(
    ("actor", "object", "instructor", "authority", "parent", "grouping", "category", "other")
)
_OF_ONE_VALUE = {"literal_error": Rule.VOCABULARY, "union_tag_invalid": Rule.NESTED_SUB_STATEMENT}
_OF_PRESENCE = {"missing": Rule.REQUIRED, "extra_forbidden": Rule.UNKNOWN_PROPERTY}
_EXPECTED = {
    "string_type": "a string is expected",
    "bool_type": "true or false is expected",
    "list_type": "an array is expected",
    "dict_type": "an object is expected",
    "model_type": "an object is expected",
}
_OWN = {rule.code: rule for rule in Rule}


def _path_of(error: ErrorDetails) -> Path:
    path: list[str | int] = []
    for part in error["loc"]:
        marked = isinstance(part, str) and part.startswith("|")
        if not (marked and path and path[-1] in _UNIONS):
            path.append(part)
    if path and path[-1] == "[key]" and error["type"] in _OWN:
        path.pop()
    return tuple(path)


def _rule_of(error: ErrorDetails, path: Path) -> Rule:
    kind = error["type"]
    if kind in _OF_PRESENCE:
        in_sub_statement = path[:-1] == ("object",) and path[-1] in _NOT_OF_SUB_STATEMENTS
        if in_sub_statement and "|SubStatement" in error["loc"]:
            return Rule.SUB_STATEMENT
        return _OF_PRESENCE[kind]
    if error["input"] is None:
        return Rule.NULL
    if kind == "too_short":
        return Rule.RELEVANT_TYPES if path[-1] == "relevantTypes" else Rule.LANGUAGE_MAP
    if kind == "literal_error" and "member" in path and error["input"] == "Group":
        return Rule.GROUP_IN_GROUP
    return _OWN.get(kind) or _OF_ONE_VALUE.get(kind, Rule.TYPE)


_NOT_OF_SUB_STATEMENTS = ("id", "stored", "version", "authority")


def _message(rule: Rule, path: Path, error: ErrorDetails) -> str:
    if rule is Rule.VOCABULARY:
        return f"not {_kinds(path) or error['ctx']['expected']}"
    expected = _EXPECTED.get(error["type"])
    return f"{rule.sentence}, {expected}" if rule is Rule.TYPE and expected else rule.sentence


def _kinds(path: Path) -> str:
    """The objectTypes of a place where several kinds of objects may be.

    There, pydantic names only the one that is assumed without objectType.
    """
    *of, name = path
    if name == "objectType" and of:
        if of[-1] in ("actor", "instructor", "authority"):
            return "'Agent' or 'Group'"
        if of == ["object"]:
            return "'Activity', 'Agent', 'Group', 'StatementRef' or 'SubStatement'"
        if of == ["object", "object"]:
            return "'Activity', 'Agent', 'Group' or 'StatementRef'"
    return ""


def _without_consequences(broken: Iterable[_Broken], two: bool) -> Iterator[Violation]:
    """Leave out what is wrong only because the objectType beside it is."""
    found = list(broken)
    misnamed = [
        one.path[:-1]
        for one in found
        if one.path[-1:] == ("objectType",) and one.rule in (Rule.VOCABULARY, Rule.GROUP_IN_GROUP)
    ]
    for one in found:
        beside = one.path[:-1] in misnamed and one.path[-1] != "objectType"
        if not beside:
            section = section_of(one.rule, one.path, two)
            yield Violation(spelled(one.path), one.rule, section, one.message)


_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def spelled(path: Path) -> str:
    """A path as people write it: a.b[0]["not a name"]."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def _of_text(text: bytes, error: str) -> Violation:
    if error.startswith("Detected duplicate key"):
        try:  # what comes after it may be no JSON
            jiter.from_json(text, allow_inf_nan=False)
        except ValueError as other:
            error = str(other)
        else:
            return _repeated(text)
    deep = error.startswith("recursion limit exceeded")
    message = "nested deeper than 200 levels" if deep else f"{Rule.JSON.sentence}, {error}"
    return Violation("", Rule.JSON, section_of(Rule.JSON, (), two=False), message)


class _WithRepeated(dict[str, Any]):
    repeated = ""


def _repeated(text: bytes) -> Violation:
    """Where the first property stands that its object has twice."""

    def made(pairs: list[tuple[str, Any]]) -> _WithRepeated:
        found = _WithRepeated(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            found.repeated = next(name for name in names if names.count(name) > 1)
        return found

    value = json.loads(text, object_pairs_hook=made)
    rule, path = Rule.REPEATED_PROPERTY, _first_repeated(value, ()) or ()
    return Violation(spelled(path), rule, section_of(rule, path, _is_of_2_0(value)), rule.sentence)


def _first_repeated(value: Any, path: Path) -> Path | None:
    if isinstance(value, _WithRepeated):
        if value.repeated:
            return (*path, value.repeated)
        inner: Iterable[tuple[str | int, Any]] = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        return None
    return next(
        (found for key, one in inner if (found := _first_repeated(one, (*path, key)))), None
    )
