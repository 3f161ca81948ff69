"""Bad lines, of the kinds real files have, and statements that void others."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from loader.generate.chance import below, pick, uuid4
from loader.generate.compose import SECOND, iso_time
from loader.generate.vocabulary import LMS_ROOT, VOIDED, uuid5_text

Statement = dict[str, Any]

# Whoever runs the platform voids statements, not the learners.
ADMIN = (
    f'{{"objectType": "Agent", "account": '
    f'{{"name": "5d2cbe3c-2b52-4a8c-8f0b-8a9d3f1f1c00", "homePage": "{LMS_ROOT}"}}}}'
)
ID_START = len('{"id": "')
ID_END = ID_START + 36


def id_of(line: str) -> str:
    """Return the id of a statement composed by this package."""
    return line[ID_START:ID_END]


def voiding_statement(target: str, moment: int) -> str:
    """Return the statement that voids the one whose id is `target`."""
    time = iso_time(moment)
    identity = uuid5_text(VOIDED.space, f"{ADMIN}-{time}")
    return (
        f'{{"id": "{identity}", "version": "1.0.3", "actor": {ADMIN}, "verb": {VOIDED.json}, '
        f'"object": {{"objectType": "StatementRef", "id": "{target}"}}, "timestamp": "{time}"}}'
    )


def voiding_moment(rng: random.Random, moment: int, number: int) -> int:
    """Return a moment after the target's, of its own: `number` counts the voidings."""
    hours = 1 + below(rng, 71)
    second = moment // SECOND + hours * 3600 + below(rng, 3600)
    return second * SECOND + number % SECOND


def _set(*path: str, value: object) -> Callable[[Statement], object]:
    def change(statement: Statement) -> object:
        inner = statement
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        return statement

    return change


def _without(*path: str) -> Callable[[Statement], object]:
    def change(statement: Statement) -> object:
        inner = statement
        for key in path[:-1]:
            inner = inner[key]
        del inner[path[-1]]
        return statement

    return change


ACCOUNT = {"homePage": LMS_ROOT, "name": "5f0c0c54-6f27-4a53-9a0b-3b1f0f3c7a11"}

# Still JSON, but no statement (specification, part 2, sections 2.2 and 4).
CHANGES: dict[str, Callable[[Statement], object]] = {
    "no_actor": _without("actor"),
    "no_verb": _without("verb"),
    "no_object": _without("object"),
    "no_verb_id": _without("verb", "id"),
    "no_object_id": _without("object", "id"),
    "null_actor": _set("actor", value=None),
    "actor_without_identifier": _set("actor", value={"objectType": "Agent", "name": "Somebody"}),
    "two_identifiers": _set(
        "actor", value={"objectType": "Agent", "mbox": "mailto:a@example.com", "account": ACCOUNT}
    ),
    "account_without_name": _set("actor", value={"account": {"homePage": LMS_ROOT}}),
    "mbox_without_scheme": _set("actor", value={"objectType": "Agent", "mbox": "a@example.com"}),
    "actor_is_text": _set("actor", value="somebody"),
    "bad_id": _set("id", value="not-a-uuid"),
    "number_as_id": _set("id", value=12345),
    "bad_timestamp": _set("timestamp", value="yesterday evening"),
    "impossible_timestamp": _set("timestamp", value="2026-13-45T25:61:00+00:00"),
    "verb_is_text": _set("verb", value="played"),
    "verb_id_no_iri": _set("verb", "id", value="played"),
    "object_is_list": _set("object", value=[]),
    "bad_reference": _set("object", value={"objectType": "StatementRef", "id": "1234"}),
    "array": lambda statement: [statement["id"], statement["verb"]["id"]],
    "text": lambda statement: statement["id"],
    "number": lambda _: 42,
    "null": lambda _: None,
}


def _truncated(line: str, rng: random.Random) -> str:
    return line[: 20 + below(rng, len(line) - 30)]


def _two_on_one_line(line: str, rng: random.Random) -> str:
    return line + line[:ID_START] + uuid4(rng) + line[ID_END:]


def _not_utf8(line: str, _: random.Random) -> str:
    # A lone surrogate of this range becomes the raw byte FF when the file is written.
    return line.replace('"version"', '"\udcff": 1, "version"', 1)


def _control_character(line: str, _: random.Random) -> str:
    return line.replace('"display"', '"dis\x01play"', 1)


def _not_json(_line: str, _: random.Random) -> str:
    return "<html><head><title>502 Bad Gateway</title></head></html>"


def _python_text(line: str, _: random.Random) -> str:
    return str(json.loads(line))


# Not even JSON.
BREAKS: dict[str, Callable[[str, random.Random], str]] = {
    "truncated": _truncated,
    "two_on_one_line": _two_on_one_line,
    "not_utf8": _not_utf8,
    "control_character": _control_character,
    "not_json": _not_json,
    "single_quotes": _python_text,
}
KINDS = (*BREAKS, *CHANGES)


def malformed_line(kind: str, line: str, rng: random.Random) -> str:
    """Return a bad line made from a good one, with an id no good statement has."""
    line = line[:ID_START] + uuid4(rng) + line[ID_END:]
    if kind in BREAKS:
        return BREAKS[kind](line, rng)
    return json.dumps(CHANGES[kind](json.loads(line)))


def choose_kind(rng: random.Random, number: int) -> str:
    """Return the kind of the next bad line: each kind once, then any."""
    return KINDS[number] if number < len(KINDS) else pick(rng, KINDS)
