"""Statements inside something else: log messages (GELF), rows of a store's table, a stray BOM.

Source: GELF 1.1, "GELF Payload Specification". Only what is no statement itself is
looked into, so plain statements pay nothing for it.
"""

from __future__ import annotations

import io
import json
from typing import Any

from loader.chunks import records_of
from loader.csv_rows import STATEMENT_NAMES
from loader.envelope import Reason, Rejection
from loader.limits import Limits
from loader.reading.json_records import JsonRecords

BOM = b"\xef\xbb\xbf"


def unwrap(text: bytes, limits: Limits) -> list[bytes] | None:
    """The statements in a record that is none itself; None if it wraps nothing.

    A JSON object of a log server or a store wraps what stands, as text, in one of the
    members that `STATEMENT_NAMES` lists: a statement, an array or a page of them. Raises
    Rejection for a log message without any.
    """
    if text.startswith(BOM):  # files with a byte-order mark, put together
        text = text[len(BOM) :].strip()
        return unwrap(text, limits) or [text]
    outside = _object(text)
    if outside is None or "actor" in outside or "verb" in outside:
        return None
    for name in STATEMENT_NAMES:
        inside = outside.get(name)
        if isinstance(inside, str) and inside.lstrip()[:1] in ("{", "["):
            found = _values(inside.encode(errors="surrogatepass"), limits)
            if found:
                return found
    if "short_message" in outside:
        raise Rejection(Reason.NOT_AN_OBJECT, "a log message (GELF) that holds no statement")
    return None


def _object(text: bytes) -> dict[str, Any] | None:
    if not text.startswith(b"{") or not any(name in text for name in _NAMES_AS_BYTES):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


_NAMES_AS_BYTES = tuple(f'"{name}"'.encode() for name in STATEMENT_NAMES)


def _values(text: bytes, limits: Limits) -> list[bytes]:
    chunks = JsonRecords(io.BytesIO(text).read, len(text), limits).chunks()
    return [value for chunk in chunks for value in records_of(chunk.data, chunk).texts]
