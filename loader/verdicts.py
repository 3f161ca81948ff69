"""The verdict on one record: whether it may land, be it a statement or something around one."""

from __future__ import annotations

import re

from loader.envelope import Reason, Rejection, examine
from loader.limits import PARSER_NESTING, Limits
from loader.unwrap import unwrap

Verdict = tuple[str, int | None] | Rejection
"""The id and the time of a statement, if it tells one, or why it cannot land."""

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)


def verdicts_on(text: bytes, limits: Limits, strict: bool) -> list[tuple[bytes, Verdict]]:
    """The verdict on a record, or on each of the statements that it wraps, with their texts."""
    verdict = verdict_on(text, limits, strict)
    if isinstance(verdict, Rejection):
        try:
            inside = wrapped(text, limits)
        except Rejection as better:
            return [(text, better)]
        if inside:
            return [(one, verdict_on(one, limits, strict)) for one in inside]
    return [(text, verdict)]


def wrapped(text: bytes, limits: Limits) -> list[bytes] | None:
    """What `unwrap` finds in a record, unless that is too large to look."""
    return None if len(text) > limits.statement_bytes else unwrap(text, limits)


def verdict_on(text: bytes, limits: Limits, strict: bool = False) -> Verdict:
    """The verdict on one statement: by its envelope, with `strict` by the whole specification."""
    if len(text) > limits.statement_bytes:
        return Rejection(Reason.TOO_LARGE, f"more than the limit of {limits.statement_size}")
    try:
        found = examine(text)
        if limits.nesting < PARSER_NESTING:
            _examine_nesting(text, limits.nesting)
        if strict:
            _examine_strictly(text)
    except Rejection as verdict:
        return verdict
    return found


def _examine_nesting(text: bytes, limit: int) -> None:
    depth = 0
    for token in _TOKEN.findall(text):
        if token in b"{[":
            depth += 1
            if depth > limit:
                raise Rejection(Reason.TOO_DEEP, f"nested deeper than {limit} levels")
        elif token in b"}]":
            depth -= 1


def _examine_strictly(text: bytes) -> None:
    from loader.xapi import violations  # the models take their time to build

    broken = violations(text)
    if broken:
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        raise Rejection(Reason.VIOLATES_SPECIFICATION, f"{broken[0]}{more}")
