"""What may land: the envelope of a statement, its id, its time and its sameness."""

from __future__ import annotations

import json
import random
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.envelope import (
    EPOCH,
    ID_NAMESPACE,
    MICROSECOND,
    Reason,
    Rejection,
    canonical,
    examine,
    same_content,
)
from loader.scanner import USUAL, Texts, scan
from tests.statements import REMOVED, statement, text

AGENT = {"mbox": "mailto:a@b.example"}
OTHER_ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


def usual(line: bytes) -> tuple[str, int] | None:
    """The id and the time of a usual statement, None for what needs a closer look."""
    found = scan(Texts.of([line]), 10**9)
    if found.kinds[0] != USUAL:
        return None
    return str(uuid.UUID(bytes=found.ids[0].tobytes())), int(found.times[0])


def nested(levels: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return statement(1, context={"extensions": {"x:y": value}})


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": AGENT},
        {"actor": {"mbox_sha1sum": "a" * 40}},
        {"actor": {"openid": "https://me.example"}},
        {"actor": {"account": {"homePage": "x", "name": "Ω"}}},
        {"actor": AGENT | {"objectType": "Agent", "name": "n"}},
        {"actor": AGENT | {"objectType": "Group", "member": []}},
        {"actor": {"objectType": "Group", "member": [AGENT]}},
        {"object": {"id": "x:y", "objectType": "Activity"}},
        {"object": {"id": "x:y", "objectType": "GroupActivity"}},
        {"object": {"id": OTHER_ID, "objectType": "StatementRef"}},
        {"object": AGENT | {"objectType": "Agent"}},
        {"object": AGENT | {"objectType": "Group"}},
        {"object": {"objectType": "Group", "member": [AGENT]}},
        {
            "object": {
                "objectType": "SubStatement",
                "actor": AGENT,
                "verb": {"id": "x:y"},
                "object": {"id": "x:y"},
            }
        },
        {"verb": {"id": "urn:x", "display": None}},
        {"result": None, "context": "odd", "anything": [1]},
        {"timestamp": "2026-03-01 10:00:00Z"},
        {"timestamp": "2026-03-01T10:00:00.1+01:00"},
    ],
)
def test_what_lands(changes: dict[str, Any]) -> None:
    identifier, time = examine(text(statement(5, **changes)))
    assert identifier == str(uuid.UUID(int=5))
    assert time is not None


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"id": "1"}, Reason.INVALID_ID, "id: not a UUID"),
        ({"id": 1}, Reason.INVALID_ID, "id: not a UUID"),
        ({"id": None}, Reason.INVALID_ID, "id: not a UUID"),
        ({"id": "{" + OTHER_ID + "}"}, Reason.INVALID_ID, "id: not a UUID"),
        ({"id": OTHER_ID + "\n"}, Reason.INVALID_ID, "id: not a UUID"),
        ({"actor": REMOVED}, Reason.INVALID_ACTOR, "actor: missing"),
        ({"actor": "me"}, Reason.INVALID_ACTOR, "actor: "),
        ({"actor": {"name": "n"}}, Reason.INVALID_ACTOR, "actor: has none of mbox, mbox_sha1sum"),
        ({"actor": {"objectType": "Group"}}, Reason.INVALID_ACTOR, "actor: has none of"),
        (
            {"actor": {"objectType": "Group", "member": []}},
            Reason.INVALID_ACTOR,
            "actor: has none of",
        ),
        (
            {"actor": AGENT | {"openid": "x:y"}},
            Reason.INVALID_ACTOR,
            "actor: has mbox and openid, one identifier is allowed",
        ),
        ({"actor": {"mbox": "a@b"}}, Reason.INVALID_ACTOR, "actor.mbox: not an e-mail address"),
        ({"actor": {"mbox_sha1sum": "a"}}, Reason.INVALID_ACTOR, "actor.mbox_sha1sum: not a SHA-1"),
        ({"actor": {"openid": "me"}}, Reason.INVALID_ACTOR, "actor.openid: not an IRI"),
        ({"actor": {"account": {"name": "n"}}}, Reason.INVALID_ACTOR, "actor.account.homePage: mi"),
        ({"verb": REMOVED}, Reason.INVALID_VERB, "verb: missing"),
        ({"verb": {}}, Reason.INVALID_VERB, "verb.id: missing"),
        ({"verb": {"id": "passed"}}, Reason.INVALID_VERB, "verb.id: not an IRI"),
        ({"object": REMOVED}, Reason.INVALID_OBJECT, "object: missing"),
        ({"object": {}}, Reason.INVALID_OBJECT, "object.id: missing"),
        ({"object": {"id": ""}}, Reason.INVALID_OBJECT, "object.id: "),
        ({"object": {"objectType": "Agent"}}, Reason.INVALID_OBJECT, "object: has none of"),
        (
            {"object": {"id": "x:y", "objectType": "StatementRef"}},
            Reason.INVALID_OBJECT,
            "object.id: a StatementRef needs a UUID",
        ),
        (
            {"object": {"objectType": "SubStatement", "actor": AGENT}},
            Reason.INVALID_OBJECT,
            "object: a SubStatement needs verb",
        ),
        ({"timestamp": "yesterday"}, Reason.INVALID_TIMESTAMP, "timestamp: not a date and time"),
        ({"timestamp": 1577836800}, Reason.INVALID_TIMESTAMP, "timestamp: not a date and time"),
        ({"timestamp": "1577836800"}, Reason.INVALID_TIMESTAMP, "timestamp: not a date and time"),
        ({"timestamp": "2026-02-30T00:00:00Z"}, Reason.INVALID_TIMESTAMP, "timestamp: not a date"),
        ({"timestamp": None}, Reason.INVALID_TIMESTAMP, "timestamp: not a date and time"),
        (
            {"timestamp": "1890-01-01T00:00:00Z"},
            Reason.INVALID_TIMESTAMP,
            "timestamp: 1890-01-01T00:00:00+00:00 is outside 1900 to 2299",
        ),
        ({"timestamp": "2400-01-01T00:00:00Z"}, Reason.INVALID_TIMESTAMP, "timestamp: 2400"),
    ],
)
def test_what_is_rejected(changes: dict[str, Any], reason: Reason, detail: str) -> None:
    line = text(statement(1, **changes))
    assert usual(line) is None
    with pytest.raises(Rejection) as verdict:
        examine(line)
    assert verdict.value.reason is reason
    assert verdict.value.detail.startswith(detail)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", Reason.INVALID_JSON),
        (b"\x00", Reason.INVALID_JSON),
        (b'{"id": "\x00"}', Reason.INVALID_JSON),
        (b'{"x": "\\ud800"}', Reason.INVALID_JSON),
        (b"nonsense", Reason.INVALID_JSON),
        (b"{} {}", Reason.INVALID_JSON),
        (b'{"x": "\xff"}', Reason.INVALID_UTF8),
        (b"\xff\xfe{\x00}\x00", Reason.INVALID_UTF8),
        (b"[]", Reason.NOT_AN_OBJECT),
        (b'"text"', Reason.NOT_AN_OBJECT),
        (b"null", Reason.NOT_AN_OBJECT),
        (text(nested(200)), Reason.TOO_DEEP),
        (b"[" * 100_000, Reason.TOO_DEEP),
    ],
)
def test_what_is_no_json_object(line: bytes, reason: Reason) -> None:
    assert usual(line) is None
    with pytest.raises(Rejection) as verdict:
        examine(line)
    assert verdict.value.reason is reason


def test_150_levels_and_large_values_are_accepted() -> None:
    for made in (
        nested(150),
        statement(1, result={"score": {"raw": 10**400}}),
        statement(1, actor=AGENT | {"name": "n" * 10_000}),
    ):
        assert examine(text(made))
        assert usual(text(made)) in (None, examine(text(made)))


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T00:00:00.0000019Z", 1),
        ("1970-01-01T05:30:00+05:30", 0),
        ("1969-12-31T16:00:00-08:00", 0),
        ("1969-12-31T23:59:59.5Z", -500_000),
        ("1970-01-01t00:00:01z", 1_000_000),
    ],
)
def test_times(written: str, time: int) -> None:
    assert examine(text(statement(1, timestamp=written)))[1] == time


@pytest.mark.parametrize(
    ("stored", "time"),
    [(REMOVED, None), ("1970-01-01T00:00:01Z", 1_000_000), ("soon", None), (5, None), ([], None)],
)
def test_stored_stands_in_for_a_missing_timestamp(stored: object, time: int | None) -> None:
    made = statement(1, timestamp=REMOVED, stored=stored)
    assert examine(text(made))[1] == time
    assert usual(text(made)) is None


ZONES = st.timezones() | st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)


@given(st.datetimes(datetime(1901, 1, 1), datetime(2299, 1, 1), timezones=ZONES))
def test_a_time_is_kept_to_the_microsecond(moment: datetime) -> None:
    moment = moment.astimezone(timezone.utc)
    line = text(statement(1, timestamp=moment.isoformat()))
    assert examine(line)[1] == (moment - EPOCH) // MICROSECOND
    assert usual(line) == examine(line)


def test_an_id_from_content() -> None:
    nameless = statement(1, id=REMOVED)
    identifier, _ = examine(text(nameless))
    assert uuid.UUID(identifier).version == 5
    assert identifier == str(uuid.uuid5(ID_NAMESPACE, canonical(text(nameless))))
    assert examine(text(nameless | {"stored": "2026-01-01T00:00:00Z"}))[0] == identifier
    assert examine(text(nameless | {"result": {}}))[0] != identifier


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def shuffled(value: Any, order: random.Random) -> Any:
    """The same JSON value with the members of every object in another order."""
    if isinstance(value, dict):
        names = list(value)
        order.shuffle(names)
        return {name: shuffled(value[name], order) for name in names}
    return [shuffled(one, order) for one in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(), JSON, max_size=5), st.randoms(use_true_random=False))
def test_content_does_not_depend_on_order_spelling_or_stores(
    members: dict[str, Any], order: random.Random
) -> None:
    one = members | statement(1)
    other = shuffled(one, order) | {"stored": "2027-01-01T00:00:00Z", "version": "1.0.3"}
    spelled = json.dumps(other, ensure_ascii=True, indent=order.choice([None, 1])).encode()
    plain = json.dumps(one, ensure_ascii=True).encode()
    assert canonical(plain) == canonical(spelled)
    assert same_content(plain, spelled)
    changed = json.dumps(one | {"verb": {"id": "x:other"}}, ensure_ascii=True).encode()
    assert not same_content(plain, changed)


def test_as_many_digits_as_are_accepted_can_be_compared() -> None:
    plain = text(statement(1, id=REMOVED, timestamp=REMOVED)).replace(b'"verb"', b'"x": 1, "verb"')
    huge = plain.replace(b'"x": 1', b'"x": ' + b"7" * 4_300)
    assert examine(huge)[0] != examine(plain)[0]
    assert same_content(huge, huge + b" ")
    with pytest.raises(Rejection, match="number out of range"):
        examine(plain.replace(b'"x": 1', b'"x": ' + b"7" * 4_301))


def test_a_timestamp_that_a_store_filled_in_is_no_difference() -> None:
    timeless = text(statement(1, timestamp=REMOVED))
    assert same_content(timeless, text(statement(1)))
    assert not same_content(text(statement(1)), text(statement(1, timestamp="2020-01-01T00:00Z")))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b"1", b"1.0", True),
        (b"100", b"1E2", True),
        (b"NaN", b"NaN", True),
        (b"1e999", b"1e999", True),
        (b'"\\u00e9"', '"é"'.encode(), True),
        (b"1", b"true", False),
        (b"0", b"false", False),
        (b"0", b"null", False),
        (b"1", b'"1"', False),
        (b"[1, 2]", b"[2, 1]", False),
        (b"9007199254740993", b"9007199254740992", False),
    ],
)
def test_values_that_are_the_same(one: bytes, other: bytes, same: bool) -> None:
    first, second = (
        text(statement(1)).replace(b'"verb"', b'"x": ' + value + b', "verb"')
        for value in (one, other + b" ")
    )
    assert same_content(first, second) is same
    assert (canonical(first) == canonical(second)) is same
