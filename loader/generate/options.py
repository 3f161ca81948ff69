"""What to generate, and what came of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

STATEMENTS_PER_LEARNER = 110
STATEMENTS_PER_LEARNER_AND_DAY = 60
STATEMENTS_PER_COURSE = 20_000
FEWEST_COURSES = 3
# Above this a learner would have to work day and night.
MOST_STATEMENTS_PER_LEARNER_AND_DAY = 400
SHARES = ("duplicates", "late", "shuffled", "voided", "malformed")


@dataclass(frozen=True)
class GeneratorOptions:
    """Everything the output depends on: equal options give equal files.

    `statements` counts distinct good statements. `duplicates`, `voided` and `malformed` add
    lines to them; `late` and `shuffled` only move lines. All five are shares of `statements`.
    `until` is the last day of a period of `days` days, in UTC.
    """

    statements: int = 10_000
    seed: int = 1
    learners: int | None = None
    courses: int | None = None
    days: int = 120
    until: datetime.date = datetime.date(2026, 10, 31)
    compress: Literal["gzip", "zstd"] | None = None
    duplicates: float = 0.0
    late: float = 0.0
    shuffled: float = 0.0
    voided: float = 0.0
    malformed: float = 0.0

    def __post_init__(self) -> None:
        """Raise ValueError for options nothing believable can be made of."""
        for name in ("statements", "learners", "courses", "days"):
            number = getattr(self, name)
            if number is not None and number < 1:
                raise ValueError(f"{name} must be at least 1, not {number}")
        for name in SHARES:
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"{name} is a share between 0 and 1, not {share}")
        if self.compress not in (None, "gzip", "zstd"):
            raise ValueError(f"compress is gzip, zstd or None, not {self.compress}")
        room = self.learner_count * self.days * MOST_STATEMENTS_PER_LEARNER_AND_DAY
        if self.statements > room:
            raise ValueError(
                f"{self.learner_count} learners cannot make {self.statements} statements in "
                f"{self.days} days: more than {MOST_STATEMENTS_PER_LEARNER_AND_DAY} a day each"
            )

    @property
    def learner_count(self) -> int:
        """Return the number of learners asked for, or one that suits the statements."""
        if self.learners is not None:
            return self.learners
        by_volume = self.statements // STATEMENTS_PER_LEARNER
        by_day = self.statements // (STATEMENTS_PER_LEARNER_AND_DAY * self.days)
        return max(1, by_volume, by_day)

    @property
    def course_count(self) -> int:
        """Return the number of courses asked for, or one that suits the statements."""
        if self.courses is not None:
            return self.courses
        return max(FEWEST_COURSES, self.statements // STATEMENTS_PER_COURSE)

    @property
    def first_day(self) -> datetime.date:
        """Return the first day of the period."""
        return self.until - datetime.timedelta(days=self.days - 1)


@dataclass(frozen=True)
class GeneratedFiles:
    """The files written and what stands in the statements file.

    `lines` = `statements` + `duplicates` + `voided` + `malformed`. `late` and `shuffled` count
    statements placed later than their time says; `voided` counts voiding statements, of which
    `voided_ahead` stand before the statement they void.
    """

    statements_path: Path
    dump_paths: tuple[Path, ...]
    lines: int
    statements: int
    duplicates: int = 0
    late: int = 0
    shuffled: int = 0
    voided: int = 0
    voided_ahead: int = 0
    malformed: int = 0
    malformed_by_kind: Mapping[str, int] = field(default_factory=dict)
    learners: int = 0
    courses: int = 0

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return every file written, the statements first."""
        return (self.statements_path, *self.dump_paths)

    def counts(self) -> dict[str, int]:
        """Return the counts by name, for a report."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, int)}
