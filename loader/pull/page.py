"""A page of an LRS: a StatementResult (xAPI 1.0.3 part 3, 2.1.3 and part 2, 2.5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

_as_datetime = TypeAdapter(datetime).validate_python


class Times(NamedTuple):
    """When a statement was stored, and when what it tells of happened; None: not told."""

    stored: datetime | None
    timestamp: datetime | None


@dataclass(frozen=True)
class Page:
    """What an LRS answered: the bytes as they came, and what they say of the way on."""

    body: bytes
    times: tuple[Times, ...]  # of each statement, in their order
    more: str  # where the next page is; empty: this was the last
    consistent_through: datetime | None  # all that was stored until then can be seen


class NotAPageError(ValueError):
    """An answer that is no StatementResult, with the reason."""


def read_page(body: bytes, consistent_through: str | None) -> Page:
    """The page in the body of an answer.

    Whether each statement is one is not asked here: that is its own verdict. Raises
    NotAPageError for what is no whole page.
    """
    try:
        content = json.loads(body.decode("utf-8-sig", "replace"), parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise NotAPageError(f"it is no JSON: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get("statements"), list):
        raise NotAPageError("it has no array `statements`")
    more = content.get("more") or ""
    if not isinstance(more, str):
        raise NotAPageError("`more` is no text")
    times = tuple(_times(statement) for statement in content["statements"])
    return Page(body, times, more, moment(consistent_through))


def moment(written: object) -> datetime | None:
    """A time as LRSs write it, in UTC; None where there is none."""
    if not isinstance(written, str) or written[4:5] != "-":  # a number would be seconds
        return None
    try:
        found = _as_datetime(written)
        if found.tzinfo is None:
            return found.replace(tzinfo=timezone.utc)
        return found.astimezone(timezone.utc)
    except (ValidationError, OverflowError):
        return None


def _times(statement: Any) -> Times:
    if not isinstance(statement, dict):
        return Times(None, None)
    return Times(moment(statement.get("stored")), moment(statement.get("timestamp")))
