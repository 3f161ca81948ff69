"""The envelope of a statement: what must hold before its text may land.

Sources: xAPI 1.0.3 part 2 (Data), sections 2.2 to 2.4 and 4.1 to 4.2; IEEE 9274.1.1.
Everything else in a statement is taken as it comes: real platforms send statements
that a strict store refuses, and staging reads them without ever failing.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Annotated, Any

from pydantic import Field, GetPydanticSchema, TypeAdapter, ValidationError
from pydantic_core import core_schema
from typing_extensions import Required, TypedDict

UUID_PATTERN = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")

# GroupActivity is what Open edX calls a problem with several parts.
ACTIVITIES = (None, "Activity", "GroupActivity")

# What DateTime64(6) can hold; later or earlier is no time of a learner's act.
EARLIEST = datetime(1900, 1, 1, tzinfo=timezone.utc)
LATEST = datetime(2299, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
EARLIEST_TIME = (EARLIEST - EPOCH) // MICROSECOND
LATEST_TIME = (LATEST - EPOCH) // MICROSECOND

# Statements without an id get a UUIDv5 of their canonical content in this namespace.
ID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://w3id.org/xapi/warehouse/statement")

# What a store may add to a statement (xAPI 1.0.3 part 2, 2.4 and part 3, 2.1.1).
ADDED_BY_STORES = ("stored", "authority", "version")


class Reason(str, Enum):
    """Why a line could not land: the closed list behind `rejected_statements.reason`.

    `violates_specification` is of strict validation alone; the detail names path, rule and
    section. `invalid_row` is of a table: a dump's row that does not fit its event-sink table,
    or a row that holds no statement. All others are of statements.
    """

    TOO_LARGE = "too_large"
    INVALID_UTF8 = "invalid_utf8"
    INVALID_JSON = "invalid_json"
    TOO_DEEP = "too_deep"
    NOT_AN_OBJECT = "not_an_object"
    INVALID_ID = "invalid_id"
    INVALID_ACTOR = "invalid_actor"
    INVALID_VERB = "invalid_verb"
    INVALID_OBJECT = "invalid_object"
    INVALID_TIMESTAMP = "invalid_timestamp"
    VIOLATES_SPECIFICATION = "violates_specification"
    ID_CONFLICT = "id_conflict"
    INVALID_ROW = "invalid_row"


class Rejection(Exception):  # noqa: N818  # a verdict, not a fault of the program
    """A statement that cannot land, with the reason and a sentence of detail."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


_Text = Annotated[str, Field(min_length=1)]
Timestamp = Annotated[
    datetime,
    # The pattern first: a datetime alone would take "1577836800" for seconds.
    GetPydanticSchema(
        lambda _source, _handler: core_schema.chain_schema(
            [
                core_schema.str_schema(strict=True, pattern=r"^\d{4}-\d\d-\d\d[Tt ]"),
                core_schema.datetime_schema(),
            ]
        )
    ),
]


Iri = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$")]
Mailbox = Annotated[str, Field(pattern=r"^mailto:\S+$")]
Sha1 = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{40}$")]


class _Account(TypedDict):
    homePage: _Text
    name: _Text


class _Actor(TypedDict, total=False):
    mbox: Mailbox
    mbox_sha1sum: Sha1
    openid: Iri
    account: _Account


class _Verb(TypedDict):
    id: Iri


class _Object(TypedDict, total=False):
    id: _Text
    objectType: str


class Envelope(TypedDict, total=False):
    """The members that are looked at; all others are ignored."""

    id: Annotated[str, Field(pattern=UUID_PATTERN)]
    actor: Required[_Actor]
    verb: Required[_Verb]
    object: Required[_Object]
    timestamp: Timestamp


_validate_envelope = TypeAdapter(Envelope).validator.validate_json
_validate_timestamp = TypeAdapter(Timestamp).validate_python


def examine(text: bytes) -> tuple[str, int | None]:
    """The id and the time (microseconds since 1970, UTC) of a statement's text.

    The time is None when the statement tells none (neither `timestamp` nor `stored`).
    Raises Rejection when the text may not land. A time without a zone is UTC.
    """
    try:
        envelope = _validate_envelope(text)
    except ValidationError as error:
        raise _rejection(text, error) from None
    target = envelope["object"]
    if (
        len(envelope["actor"]) != 1
        or "id" not in target
        or target.get("objectType") not in ACTIVITIES
    ):
        _examine_parts(_parsed(text))
    moment = envelope.get("timestamp")
    time = _microseconds(moment) if moment else _stored_time(text)
    identifier = envelope.get("id")
    return identifier.lower() if identifier else identify(text), time


def identify(text: bytes) -> str:
    """The id of a statement that has none: UUIDv5 of its canonical content."""
    return str(uuid.uuid5(ID_NAMESPACE, canonical(text)))


def canonical(text: bytes) -> str:
    """A statement's content in one spelling, without what stores may add to it.

    Two statements of one id are the same statement if these are equal (xAPI 1.0.3
    part 3, 2.1.1 "statement immutability"). `id` is left out as well: it is compared
    by whoever compares contents. Keys in order, so spelling does not matter.
    """
    return _spelled(_content(text))


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two statements of one id say the same (see `canonical`).

    A store also fills in a missing `timestamp`; then it is no difference.
    """
    if one == other:
        return True
    first, second = _content(one), _content(other)
    if ("timestamp" in first) != ("timestamp" in second):
        first.pop("timestamp", None)
        second.pop("timestamp", None)
    return _spelled(first) == _spelled(second)


def _content(text: bytes) -> dict[str, Any]:
    statement = _parsed(text)
    for member in (*ADDED_BY_STORES, "id"):
        statement.pop(member, None)
    return statement


def _parsed(text: bytes) -> dict[str, Any]:
    """A statement that has passed the validation, as Python values."""
    statement: dict[str, Any] = json.loads(text, parse_float=_decimal)
    return statement


def _decimal(written: str) -> float:
    """1.0 and 1e0 are 1, as stores write them differently."""
    value = float(written)
    return int(value) if value.is_integer() else value


def _spelled(content: dict[str, Any]) -> str:
    # Text, not values: in Python true equals 1, and NaN does not equal itself.
    return json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    time = (moment - EPOCH) // MICROSECOND
    if not EARLIEST_TIME <= time <= LATEST_TIME:
        raise Rejection(
            Reason.INVALID_TIMESTAMP,
            f"timestamp: {moment.isoformat()} is outside {EARLIEST.year} to {LATEST.year}",
        )
    return time


def _stored_time(text: bytes) -> int | None:
    stored = _parsed(text).get("stored")
    try:
        return _microseconds(_validate_timestamp(stored)) if stored else None
    except (ValidationError, Rejection):
        return None


def _examine_parts(statement: dict[str, Any]) -> None:
    """The rarer shapes: groups, and objects that are not activities."""
    _examine_agent(statement["actor"], Reason.INVALID_ACTOR, "actor")
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind in ("Agent", "Group"):
        _examine_agent(target, Reason.INVALID_OBJECT, "object")
    elif kind == "SubStatement":
        missing = [part for part in ("actor", "verb", "object") if part not in target]
        if missing:
            raise Rejection(Reason.INVALID_OBJECT, f"object: a SubStatement needs {missing[0]}")
    elif "id" not in target:
        raise Rejection(Reason.INVALID_OBJECT, "object.id: missing")
    elif kind == "StatementRef" and not re.match(UUID_PATTERN, target["id"]):
        raise Rejection(Reason.INVALID_OBJECT, "object.id: a StatementRef needs a UUID")


def _examine_agent(agent: dict[str, Any], reason: Reason, where: str) -> None:
    found = [name for name in IDENTIFIERS if name in agent]
    anonymous_group = agent.get("objectType") == "Group" and bool(agent.get("member"))
    if len(found) > 1:
        raise Rejection(reason, f"{where}: has {' and '.join(found)}, one identifier is allowed")
    if not found and not anonymous_group:
        raise Rejection(reason, f"{where}: has none of {', '.join(IDENTIFIERS)}")


_WRITTEN = {
    "actor.mbox": "not an e-mail address as mailto:name@host",
    "actor.mbox_sha1sum": "not a SHA-1 in hexadecimal digits",
}
_REASON_OF_MEMBER = {
    "id": Reason.INVALID_ID,
    "actor": Reason.INVALID_ACTOR,
    "verb": Reason.INVALID_VERB,
    "object": Reason.INVALID_OBJECT,
    "timestamp": Reason.INVALID_TIMESTAMP,
}


def _rejection(text: bytes, error: ValidationError) -> Rejection:
    first = error.errors(include_url=False, include_input=False)[0]
    message = first["msg"]
    if first["type"] == "json_invalid":
        detail = message.removeprefix("Invalid JSON: ")
        if "recursion limit" in detail:
            return Rejection(Reason.TOO_DEEP, "nested deeper than 200 levels")
        try:
            text.decode()
        except UnicodeDecodeError as fault:
            return Rejection(Reason.INVALID_UTF8, f"byte {fault.start + 1} is not UTF-8")
        return Rejection(Reason.INVALID_JSON, detail)
    if not first["loc"]:
        return Rejection(Reason.NOT_AN_OBJECT, "a statement is a JSON object")
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        message = "missing"
    elif where == "id":
        message = "not a UUID"
    elif where == "timestamp":
        message = "not a date and time as of RFC 3339 (2026-01-31T12:00:00Z)"
    elif first["type"] == "string_pattern_mismatch":
        message = _WRITTEN.get(where, "not an IRI")
    return Rejection(_REASON_OF_MEMBER[str(first["loc"][0])], f"{where}: {message}")
