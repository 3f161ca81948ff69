"""Numbers that belong together, one for each size, and how numbers are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A number of each size, by what it is, and what it may be at most.

    `limits` are one for each size, None where there is no goal; `growth` is the most that
    the last may be of the first.
    """

    what: str
    numbers: list[float]
    write: Callable[[float], str]
    limits: tuple[float | None, ...] = ()
    growth: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """What it is, the numbers, their growth, the goals, and whether they are met."""
        met = "" if self.is_met is None else ("yes" if self.is_met else "NO")
        grown = self._grown
        return (
            self.what,
            *(self.write(number) for number in self.numbers),
            "" if grown is None else f"{grown:.2f}",
            self._goal,
            met,
        )

    @property
    def is_met(self) -> bool | None:
        """Whether all goals are met; None without one."""
        met = [number < limit for number, limit in self._limited]
        if self.growth is not None and self._grown is not None:
            met.append(self._grown <= self.growth)
        return all(met) if met else None

    @property
    def _limited(self) -> list[tuple[float, float]]:
        limits = self.limits[: len(self.numbers)]
        return [
            (number, limit)
            for number, limit in zip(self.numbers, limits, strict=False)
            if limit is not None
        ]

    @property
    def _goal(self) -> str:
        limits = ["-" if limit is None else f"< {self.write(limit)}" for limit in self.limits]
        goals = [", ".join(dict.fromkeys(limits))] if limits else []
        if self.growth is not None:
            goals.append(f"growth ≤ {self.growth:g}")
        return "; ".join(goals)

    @property
    def _grown(self) -> float | None:
        if len(self.numbers) < 2 or not self.numbers[0]:
            return None
        return self.numbers[-1] / self.numbers[0]


def seconds(number: float) -> str:
    """A time, with hundredths unless it is whole."""
    return f"{number:.2f} s" if number % 1 else f"{number:.0f} s"


def milliseconds(number: float) -> str:
    """A time."""
    return f"{number:.0f} ms"


def megabytes(number: float) -> str:
    """A size in bytes."""
    return f"{number / 1e6:,.0f} MB"


def count(number: float) -> str:
    """A number."""
    return f"{number:,.0f}"
