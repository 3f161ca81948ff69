"""Statements inside something else: log messages (GELF), rows and documents of stores, a stray BOM.

Source: GELF 1.1, "GELF Payload Specification". Only what is no statement itself is
looked into, so plain statements pay nothing for it.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

from loader.chunks import records_of
from loader.csv_rows import STATEMENT_NAMES
from loader.envelope import Reason, Rejection
from loader.limits import Limits
from loader.reading.json_records import JsonRecords

BOM = b"\xef\xbb\xbf"

# Elasticsearch and OpenSearch keep a document under this name.
_NAMES = (*STATEMENT_NAMES, "_source")


def unwrap(text: bytes, limits: Limits) -> list[bytes] | None:
    """The statements in a record that is none itself; None if it wraps nothing.

    A JSON object of a log server or a store wraps what stands, as text, in one of the
    members that `STATEMENT_NAMES` lists: a statement, an array or a page of them; or a
    statement that stands there itself. Raises Rejection for a log message without any.
    """
    if text.startswith(BOM):  # files with a byte-order mark, put together
        text = text[len(BOM) :].strip()
        return unwrap(text, limits) or [text]
    outside = _object(text)
    if outside is None or "actor" in outside or "verb" in outside:
        return None
    for name in _NAMES:
        inside = outside.get(name)
        if isinstance(inside, dict) and inside.keys() >= _OF_STATEMENTS:
            return [_standing(text, name)]
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


_NAMES_AS_BYTES = tuple(f'"{name}"'.encode() for name in _NAMES)
_OF_STATEMENTS = {"actor", "verb", "object"}  # not of tracking logs, whose `event` is an object too


_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_TO_OBJECT = re.compile(rb"\s*:\s*(?=\{)")


def _standing(text: bytes, name: str) -> bytes:
    """The object that is a member of a JSON object, its text as it stands; the last of the name."""
    depth, begun, found = 0, None, b""
    for token in _TOKEN.finditer(text):
        if token[0] in (b"{", b"["):
            depth += 1
        elif token[0] in (b"}", b"]"):
            depth -= 1
            if depth == 1 and begun is not None:
                found, begun = text[begun : token.end()], None
        elif depth == 1 and json.loads(token[0]) == name:
            value = _TO_OBJECT.match(text, token.end())
            begun = value.end() if value else None
    return found


def _values(text: bytes, limits: Limits) -> list[bytes]:
    chunks = JsonRecords(io.BytesIO(text).read, len(text), limits).chunks()
    return [value for chunk in chunks for value in records_of(chunk.data, chunk).texts]
