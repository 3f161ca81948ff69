"""Putting a statement together as text.

Statements are written from prepared pieces of JSON instead of being serialised from
dictionaries: it is several times faster, and a million statements is an ordinary order.
"""

from __future__ import annotations

import datetime

from loader.generate.vocabulary import SESSION_ID, TRANSFORMER_VERSION, Verb, uuid5_text

SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime.date(1970, 1, 1)
_DATES: dict[int, str] = {}


def day_start(day: datetime.date) -> int:
    """Return the start of a day in UTC, in microseconds since 1970."""
    return (day - _EPOCH).days * DAY


def iso_time(moment: int) -> str:
    """Return microseconds since 1970 in ISO 8601 with offset, without a fraction if it is 0."""
    day, rest = divmod(moment, DAY)
    date = _DATES.get(day)
    if date is None:
        date = (_EPOCH + datetime.timedelta(days=day)).isoformat()
        _DATES[day] = date
    seconds, fraction = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    if fraction:
        return f"{date}T{hour:02d}:{minute:02d}:{second:02d}.{fraction:06d}+00:00"
    return f"{date}T{hour:02d}:{minute:02d}:{second:02d}+00:00"


class Scene:
    """What all statements of one session share, as pieces of JSON."""

    __slots__ = ("actor", "course", "extensions")

    def __init__(self, actor: str, course: str, version: str, session_id: str) -> None:
        self.actor = actor
        self.course = course
        self.extensions = (
            f'"{TRANSFORMER_VERSION}": "event-routing-backends@{version}", '
            f'"{SESSION_ID}": "{session_id}"'
        )


def statement(
    verb: Verb,
    scene: Scene,
    moment: int,
    activity: str,
    *,
    result: str = "",
    extensions: str = "",
    grouping: str = "",
) -> str:
    """Return a statement within a course; `extensions` are added to those of the context."""
    time = iso_time(moment)
    identity = uuid5_text(verb.space, f"{scene.actor}-{time}")
    if result:
        result = f'"result": {result}, '
    if grouping:
        grouping = f', "grouping": [{grouping}]'
    if extensions:
        extensions = f", {extensions}"
    return (
        f'{{"id": "{identity}", "version": "1.0.3", "actor": {scene.actor}, '
        f'"verb": {verb.json}, "object": {activity}, {result}"timestamp": "{time}", '
        f'"context": {{"contextActivities": {{"parent": [{scene.course}]{grouping}}}, '
        f'"extensions": {{{scene.extensions}{extensions}}}}}}}'
    )


def statement_without_course(verb: Verb, scene: Scene, moment: int, activity: str) -> str:
    """Return a statement without context activities, as enrolments and passes are sent."""
    time = iso_time(moment)
    identity = uuid5_text(verb.space, f"{scene.actor}-{time}")
    return (
        f'{{"id": "{identity}", "version": "1.0.3", "actor": {scene.actor}, '
        f'"verb": {verb.json}, "object": {activity}, "timestamp": "{time}", '
        f'"context": {{"extensions": {{{scene.extensions}}}}}}}'
    )


def part_statement(
    verb: Verb,
    scene: Scene,
    moment: int,
    activity: str,
    *,
    space: bytes,
    result: str,
    whole: str,
) -> str:
    """Return the statement on one part of a problem; `whole` is the problem's own activity."""
    time = iso_time(moment)
    by = f"{scene.actor}-{time}"
    return (
        f'{{"id": "{uuid5_text(space, by)}", "version": "1.0.3", "actor": {scene.actor}, '
        f'"verb": {verb.json}, "object": {activity}, "result": {result}, '
        f'"timestamp": "{time}", "context": {{"statement": {{"objectType": "StatementRef", '
        f'"id": "{uuid5_text(verb.space, by)}"}}, "contextActivities": {{"parent": [{whole}], '
        f'"grouping": [{scene.course}]}}, "extensions": {{{scene.extensions}}}}}}}'
    )
