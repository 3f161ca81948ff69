"""The usual statements of a chunk, examined all at once: what `examine` finds, much faster.

Nearly every statement has an id, a time with a zone, an actor with one identifier, and an
activity for its object. For those, msgspec reads the members of the envelope and steps over
the rest without making objects of it; then each member is validated as a column, by the
rules of `loader.envelope`. Whatever is not surely valid is left to `examine`, so that there
is one place that rejects.

msgspec's parser takes what pydantic's takes, and refuses more (`NaN`, a null where text
should be). It takes more in three regards, which are looked at here: what it steps over
may be no UTF-8, nested as deeply as one likes, and have numbers of any length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import floordiv, sub
from typing import Annotated, Any, Literal, cast

from msgspec import UNSET, DecodeError, Meta, Struct, UnsetType
from msgspec.json import Decoder
from pydantic import TypeAdapter, ValidationError

from loader.envelope import (
    EARLIEST_TIME,
    EPOCH,
    LATEST_TIME,
    MICROSECOND,
    UUID_PATTERN,
    Iri,
    Mailbox,
    Sha1,
    Timestamp,
)
from loader.limits import PARSER_NESTING
from loader.nesting import deeply_nested
from loader.stamps import read_stamps

Text = Annotated[str, Meta(min_length=1)]


class _Account(Struct, gc=False):
    homePage: Text  # noqa: N815  # as the specification has it
    name: Text


class _Actor(Struct, gc=False):
    account: _Account | UnsetType = UNSET
    mbox: str | UnsetType = UNSET
    mbox_sha1sum: str | UnsetType = UNSET
    openid: str | UnsetType = UNSET


class _Verb(Struct, gc=False):
    id: str


class _Object(Struct, gc=False):
    id: Text
    objectType: Literal["Activity", "GroupActivity"] = "Activity"  # noqa: N815


class _Statement(Struct, gc=False):
    id: str
    actor: _Actor
    verb: _Verb
    object: _Object
    timestamp: str


_decode = Decoder(_Statement).decode
_is_iri = TypeAdapter(Iri).validator.isinstance_python
_is_mailbox = TypeAdapter(Mailbox).validator.isinstance_python
_is_sha1 = TypeAdapter(Sha1).validator.isinstance_python
_moments = TypeAdapter(list[Timestamp]).validator.validate_python
_is_uuid = re.compile(UUID_PATTERN).fullmatch

# Python's limit for the digits of a whole number, which pydantic's parser has too.
_MOST_DIGITS = 4300
_LONG_NUMBER = re.compile(rb"\d{%d}" % _MOST_DIGITS)


@dataclass
class Usual:
    """The ids and times (microseconds since 1970) of usual statements, in their order.

    `others` are the numbers of the texts that are not among them, from 0.
    """

    ids: bytes  # 16 of each, in the order of the written digits
    times: list[int]
    others: Sequence[int]


# So many are examined at a time, for what they are made into to stay in the processor's cache.
_AT_A_TIME = 1024


def examine_usual(texts: Sequence[bytes], longest: int) -> Usual:
    """What `examine` returns for texts of up to `longest` bytes, if they are usual."""
    ids: list[bytes] = []
    times: list[int] = []
    others: list[int] = []
    for start in range(0, len(texts), _AT_A_TIME):
        found = _examine_some(texts[start : start + _AT_A_TIME], longest)
        ids.append(found.ids)
        times += found.times
        others += [start + number for number in found.others]
    return Usual(b"".join(ids), times, others)


def _examine_some(texts: Sequence[bytes], longest: int) -> Usual:
    statements = _decoded(texts, longest)
    others = [number for number, one in enumerate(statements) if one is None]
    rows = [one for one in statements if one is not None]
    if not rows:
        return Usual(b"", [], others)
    ids = [one.id for one in rows]
    actors = [one.actor for one in rows]
    packed, times = _packed(ids), _times([one.timestamp for one in rows])
    bad = _bad_values(ids, _is_uuid) if packed is None else set()
    bad |= _bad_values([one.verb.id for one in rows], _is_iri)
    bad |= _bad_actors(actors)
    bad |= {row for row, time in enumerate(times) if time is None} if None in times else set()
    if bad:
        numbers = [number for number, one in enumerate(statements) if one is not None]
        others = sorted([*others, *map(numbers.__getitem__, bad)])
        packed = _packed([one for row, one in enumerate(ids) if row not in bad])
        times = [time for row, time in enumerate(times) if row not in bad]
    return Usual(packed or b"", cast("list[int]", times), others)


def _decoded(texts: Sequence[bytes], longest: int) -> list[_Statement | None]:
    """What the texts say; None for one that is invalid, unusual or doubtful."""
    found: list[_Statement | None] = []
    decoding = map(_decode, texts)
    while len(found) < len(texts):
        try:
            found.extend(decoding)
        except (DecodeError, UnicodeDecodeError, RecursionError):  # noqa: PERF203
            found.append(None)
    for number in _doubtful(texts, longest):
        found[number] = None
    return found


def _doubtful(texts: Sequence[bytes], longest: int) -> Iterator[int]:
    """Which texts pydantic's parser may refuse although msgspec's does not, or are too large."""
    yield from deeply_nested(texts, PARSER_NESTING)
    if not all(map(bytes.isascii, texts)):
        yield from (number for number, text in enumerate(texts) if not _is_utf8(text))
    if max(map(len, texts), default=0) > min(longest, _MOST_DIGITS):
        for number, text in enumerate(texts):
            if len(text) > longest or _LONG_NUMBER.search(text):
                yield number


def _is_utf8(text: bytes) -> bool:
    try:
        return text.isascii() or bool(text.decode())
    except UnicodeDecodeError:
        return False


def _packed(ids: Sequence[str]) -> bytes | None:
    """Written ids as bytes; None if one of them is not written as a UUID."""
    digits = "".join(ids)
    if set(map(len, ids)) != {_LENGTH} or any(
        digits[place::_LENGTH] != "-" * len(ids) for place in _HYPHENS
    ):
        return None
    try:
        packed = bytes.fromhex(digits.replace("-", ""))
    except ValueError:
        return None
    return packed if len(packed) == 16 * len(ids) else None  # it passes over white space


_LENGTH = 36
_HYPHENS = (8, 13, 18, 23)


def _bad_values(column: Sequence[Any], is_good: Callable[[Any], object]) -> set[int]:
    """The rows whose value is not good; there are few values, and often none at all."""
    bad = {value for value in set(column) if value is not UNSET and not is_good(value)}
    return {row for row, value in enumerate(column) if value in bad} if bad else set()


def _bad_actors(actors: Sequence[_Actor]) -> set[int]:
    """The rows whose actor does not have one identifier, and a good one."""
    identifiers: list[list[Any]] = [
        [one.account for one in actors],
        [one.mbox for one in actors],
        [one.mbox_sha1sum for one in actors],
        [one.openid for one in actors],
    ]
    bad: set[int] = set()
    for column, is_good in zip(identifiers[1:], (_is_mailbox, _is_sha1, _is_iri), strict=True):
        bad |= _bad_values(column, is_good)
    used = [column for column in identifiers if column.count(UNSET) < len(column)]
    if len(used) != 1 or UNSET in used[0]:
        several = enumerate(zip(*identifiers, strict=True))
        bad |= {row for row, all_ in several if all_.count(UNSET) != len(identifiers) - 1}
    return bad


def _times(stamps: Sequence[str]) -> list[int | None]:
    """Microseconds since 1970; None for what is no time, has no zone, or is out of range."""
    try:
        times: list[Any] = read_stamps(stamps) or _validated(stamps)
    except (ValidationError, TypeError):
        return [_times([one])[0] for one in stamps] if len(stamps) > 1 else [None]
    if min(times) >= EARLIEST_TIME and max(times) <= LATEST_TIME:
        return times
    return [time if EARLIEST_TIME <= time <= LATEST_TIME else None for time in times]


def _validated(stamps: Sequence[str]) -> list[int]:
    moments = _moments(stamps)
    return list(map(floordiv, map(sub, moments, repeat(EPOCH)), repeat(MICROSECOND)))
