"""Statements inside log messages and rows of a store's table are found and checked."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from loader.blocks import Checked, Job, check
from loader.chunks import Chunk
from loader.envelope import Reason
from loader.limits import Limits
from tests.statements import lines, statement, text
from tests.unit.test_blocks import texts

ONE, TWO = text(statement(1)), text(statement(2, result={"response": 'é "x" \\ 🎓'}))
PAGE = b'{"statements": [' + ONE + b", " + TWO + b'], "more": ""}'


def gelf(message: bytes | str, **members: object) -> bytes:
    """A log message as Graylog and OVH's Logs Data Platform keep it."""
    inside = message if isinstance(message, str) else message.decode()
    made = {"version": "1.1", "host": "lms", "short_message": inside, "timestamp": 1.5, "_x": "y"}
    return json.dumps(made | members).encode()


def checked(content: bytes, folder: Path, limits: Limits | None = None) -> Checked:
    job = Job(uuid.UUID(int=7), "source", 0, folder, limits or Limits())
    return check(Chunk(100, len(content), content), job)


@pytest.mark.parametrize(
    ("wrapped", "expected"),
    [
        (gelf(ONE), [ONE]),
        (gelf(b"\n " + TWO + b"\n"), [TWO]),
        (gelf("registered", full_message=TWO.decode()), [TWO]),
        (gelf(ONE, full_message="at line 5\nat line 6"), [ONE]),
        (gelf(b"[" + ONE + b"," + TWO + b"]"), [ONE, TWO]),
        (gelf(PAGE), [ONE, TWO]),
        (
            json.dumps({"event_id": "1", "emission_time": "x", "event": TWO.decode()}).encode(),
            [TWO],
        ),
        (b'{"event_id": "event", "event" : ' + TWO + b"}", [TWO]),
        (b'{"_id": {"statement": {}}, "statement":' + TWO + b', "stored": "}"}', [TWO]),
        (b'{"_index": "a", "\\u005fsource": ' + ONE + b', "_source": ' + TWO + b"}", [TWO]),
        (b"\xef\xbb\xbf" + ONE, [ONE]),
        (b"\xef\xbb\xbf" + gelf(ONE), [ONE]),
    ],
)
def test_what_is_inside_lands_as_it_stands_there(
    tmp_path: Path, wrapped: bytes, expected: list[bytes]
) -> None:
    result = checked(lines(b"", wrapped, statement(3)), tmp_path)
    assert texts(result) == [*expected, text(statement(3))]
    assert list(result.rows.lines) == [1] * len(expected) + [2]
    assert list(result.rows.bytes) == [101] * len(expected) + [102 + len(wrapped)]
    assert result.rejects == []


@pytest.mark.parametrize(
    ("line", "reason", "raw"),
    [
        (gelf(text(statement(1, id="x"))), Reason.INVALID_ID, text(statement(1, id="x"))),
        (gelf("user logged in"), Reason.NOT_AN_OBJECT, gelf("user logged in")),
        (gelf("[]"), Reason.NOT_AN_OBJECT, gelf("[]")),
        (gelf('{"broken'), Reason.INVALID_JSON, b'{"broken'),
        (gelf('{"a": "\ud800"}'), Reason.INVALID_UTF8, b'{"a": "\xed\xa0\x80"}'),
        (gelf(gelf(ONE)), Reason.INVALID_ACTOR, gelf(ONE)),  # one within the other is too much
        (b'{"event": {"id": 1}}', Reason.INVALID_ACTOR, b'{"event": {"id": 1}}'),
        (
            b'{"_source": ' + text(statement(1, id=7)) + b"}",
            Reason.INVALID_ID,
            text(statement(1, id=7)),
        ),
        (b'{"statement": ' + ONE + b"}}", Reason.INVALID_JSON, b'{"statement": ' + ONE + b"}}"),
        (gelf(ONE)[:-1], Reason.INVALID_JSON, gelf(ONE)[:-1]),
    ],
)
def test_what_is_inside_is_rejected_for_its_own_reason(
    tmp_path: Path, line: bytes, reason: Reason, raw: bytes
) -> None:
    result = checked(lines(line), tmp_path)
    (reject,) = result.rejects
    assert (reject.reason, reject.raw, reject.line, reject.byte) == (reason, raw, 0, 100)
    assert len(result.rows) == 0


def test_the_order_of_lines_is_kept(tmp_path: Path) -> None:
    mixed = lines(statement(1), gelf(text(statement(2))), statement(3))
    assert texts(checked(mixed, tmp_path)) == [text(statement(number)) for number in (1, 2, 3)]


def test_a_statement_that_says_event_is_a_statement(tmp_path: Path) -> None:
    made = statement(1, event='{"id": 1}', short_message="[]")
    assert texts(checked(lines(made), tmp_path)) == [text(made)]


def test_nesting_has_a_limit_that_can_be_set(tmp_path: Path) -> None:
    def nested(levels: int) -> bytes:
        made = statement(1, result={"extensions": {"x:y": "D"}})
        return text(made).replace(b'"D"', b'{"a": ' * levels + b'"}{"' + b"}" * levels)

    limits = Limits(nesting=20)
    result = checked(lines(nested(17), nested(18), nested(17)), tmp_path, limits)
    assert texts(result) == [nested(17)] * 2
    (reject,) = result.rejects
    assert (reject.line, reject.reason) == (1, Reason.TOO_DEEP)
    assert reject.detail == "nested deeper than 20 levels"
