"""Evenings: what some 200 learners do in one, as ten thousand statements that come after."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

STATEMENTS = 10_000
BEGINS_HOUR = 17
# Learners who only look in would make an evening one of many more learners.
FEWEST_EACH = 30
# One statement in a hundred was made a month ago and comes only now.
LATE_EACH = 100
LATE = timedelta(days=30)

Statement = dict[str, Any]


def evenings(lines: Iterable[bytes], count: int) -> list[list[bytes]]:
    """So many evenings, one after another, of what the learners of `lines` do in theirs.

    A small platform has not enough learners on a single evening. So each learner's first
    evening of some length is taken, whichever day it is on, and moved to the day that is
    wanted, its time of day unchanged: the evenings are alike on platforms of any size.
    The days are those after the last of the lines. Raises ValueError if there is too little.
    """
    history = [json.loads(line) for line in lines]
    last_day = max(_moment(statement) for statement in history)
    statements = itertools.chain.from_iterable(_first_evenings(history))
    made = []
    for number in range(1, count + 1):
        chosen = list(itertools.islice(statements, STATEMENTS))
        if len(chosen) < STATEMENTS:
            raise ValueError(f"{len(history):,} statements are too few for {count} evenings")
        made.append(_moved(chosen, last_day + timedelta(days=number)))
    return made


def learners(lines: Iterable[bytes]) -> int:
    """How many learners made these statements."""
    return len({_learner(json.loads(line)) for line in lines})


def _first_evenings(history: list[Statement]) -> Iterator[list[Statement]]:
    """Each learner's first evening with enough statements."""
    by_evening: dict[tuple[str, object], list[Statement]] = {}
    for statement in history:
        time = _moment(statement)
        if time.hour >= BEGINS_HOUR:
            by_evening.setdefault((_learner(statement), time.date()), []).append(statement)
    seen = set()
    for (learner, _), statements in by_evening.items():
        if len(statements) >= FEWEST_EACH and learner not in seen:
            seen.add(learner)
            yield statements


def _moved(statements: list[Statement], day: datetime) -> list[bytes]:
    """The statements as lines, all on this day and in the order of time, a few of them late."""
    on_day = [(datetime.combine(day, _moment(one).timetz()), one) for one in statements]
    on_day.sort(key=lambda item: item[0])
    lines = []
    for place, (time, statement) in enumerate(on_day):
        happened = time - LATE if place % LATE_EACH == 0 else time
        text = json.dumps(statement | {"timestamp": happened.isoformat()})
        lines.append(f"{text}\n".encode())
    return lines


def _moment(statement: Statement) -> datetime:
    return datetime.fromisoformat(statement["timestamp"])


def _learner(statement: Statement) -> str:
    return json.dumps(statement["actor"])
