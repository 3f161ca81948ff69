"""What an input is, by how it begins: no name is trusted, and none is needed."""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import Any

from loader.csv_rows import Layout, layout_of
from loader.reading.archives import is_tar, is_zip
from loader.reading.compression import is_compressed

HEAD_BYTES = 64 * 1024
"""So much of an input is enough to tell what it is."""

# What is recognised to be told apart from broken statements, and what to do about it.
_REFUSED = (
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"Rar!\x1a\x07", "a rar archive: unpack it first"),
    (b"\x04\x22\x4d\x18", "compressed with lz4: unpack it first"),
    (b"\xff\xfe\x00\x00", "UTF-32 text: convert it to UTF-8 first (iconv -f UTF-32 -t UTF-8)"),
    (b"\xff\xfe{\x00", "UTF-16 text: convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"),
    (b"\xff\xfe[\x00", "UTF-16 text: convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"),
    (b"\xfe\xff\x00", "UTF-16 text: convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"),
)

_BOM = b"\xef\xbb\xbf"
_PARQUET = b"PAR1"
_PAGE = re.compile(rb'\{\s*("[^"]*"\s*:\s*("[^"]*"|[\w.+-]+)\s*,\s*)*"statements"\s*:\s*\[')


class Format(str, Enum):
    """How statements stand in an input."""

    LINES = "lines"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def format_of(head: bytes, is_all: bool) -> Format | Layout | None:
    """The format of an input that begins with `head`; of CSV, how its rows are written.

    `is_all` says that the input has nothing more. None if it looks like nothing known.
    """
    if head.startswith(_PARQUET):
        return Format.PARQUET
    text = head.removeprefix(_BOM).lstrip(b" \t\r\n\0")
    if text[:1] == b"[" or _PAGE.match(text):
        return Format.JSON
    lines = text.split(b"\n")
    if not is_all and len(lines) > 1:
        del lines[-1]
    if text[:1] == b"{":
        if b"}\t" in lines[0] and (layout := layout_of(head)):
            return layout
        return Format.LINES if _is_one_a_line(lines, is_all) else Format.JSON
    if any(line.startswith(b"{") for line in lines[1:2]) and b"\t" not in lines[0]:
        return Format.LINES  # of which the first is no statement; CSV would quote them
    return layout_of(head) or (Format.LINES if _has_objects(lines) else None)


def is_lines(head: bytes, is_all: bool) -> bool:
    """Whether an input that begins with `head` is plain lines, to which more may be added."""
    if not head or is_compressed(head) or is_zip(head) or is_tar(head) or refusal(head):
        return False
    return format_of(head, is_all) in (Format.LINES, None)


def refusal(head: bytes) -> str | None:
    """What an input that begins with `head` is, if it is something that cannot be read."""
    return next((what for magic, what in _REFUSED if head.startswith(magic)), None)


def _is_one_a_line(lines: list[bytes], is_all: bool) -> bool:
    first = _parsed(lines[0])
    if first is None and not is_all and len(lines) == 1:
        return True  # a line longer than what is known of it
    if isinstance(first, dict):
        return not isinstance(first.get("statements"), list)
    if first is _SEVERAL:
        return False
    # Broken, or the beginning of a value of many lines. Those are indented further on.
    return len(lines) == 1 or _has_objects(lines[1:])


def _has_objects(lines: list[bytes]) -> bool:
    return any(isinstance(_parsed(line), dict) for line in lines)


_SEVERAL = object()


def _parsed(line: bytes) -> Any:
    """The value on a line, `_SEVERAL` if there is more than one; None if it is broken."""
    text = line.rstrip(b"\r").decode("latin-1")
    if not text.startswith("{"):
        return None
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return _SEVERAL if text[end:].strip() else value or None
