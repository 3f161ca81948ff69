"""Where strings of JSON end, in memory that does not grow with them."""

from __future__ import annotations

import re

# Not more escapes at a time: the match remembers each of them, in 64 bytes and more.
IN_STRING = rb'[^"\\]*(?:\\.[^"\\]*){0,1000}'
_PART = re.compile(IN_STRING, re.DOTALL)


def string_end(data: bytes, position: int) -> int:
    """Where a string that `position` is in stops: at its quote, or where `data` does."""
    while found := _PART.match(data, position):
        if found.end() == position or data[found.end() : found.end() + 1] == b'"':
            return found.end()
        position = found.end()
    return position


def token_end(data: bytes, mark: re.Match[bytes]) -> int | None:
    """The place after a bracket or a whole string; None if the string goes on beyond `data`."""
    if mark.group() != b'"':
        return mark.end()
    end = string_end(data, mark.end())
    return end + 1 if data[end : end + 1] == b'"' else None
