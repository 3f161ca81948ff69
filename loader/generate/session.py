"""One learner's sitting at one course: the clock and the acts so far."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from loader.generate.chance import between, hex32
from loader.generate.compose import DAY, SECOND, Scene
from loader.generate.people import Enrollment, Learner

# An act is (moment, function of statements, scene, further arguments ...). The text is made
# only when the act is written, so that a day's acts can be sorted without holding their text.
Act = tuple[Any, ...]
WHOLE_SECOND_SHARE = 0.08
LONGEST_SECONDS = 100 * 60


class Session:
    """Collects a learner's acts in the order of time, each at a moment of its own."""

    __slots__ = ("acts", "day", "enrollment", "learner", "name", "now", "rng", "scene", "until")

    def __init__(
        self, learner: Learner, enrollment: Enrollment, start: int, period_start: int,
        rng: random.Random, version: str,
    ) -> None:  # fmt: skip
        self.learner = learner
        self.enrollment = enrollment
        self.rng = rng
        self.now = max(start, learner.last_moment + SECOND)
        self.until = self.now + LONGEST_SECONDS * SECOND
        self.day = (self.now - period_start) // DAY
        course = enrollment.course
        self.name = course.name_on(self.day)
        parent = course.parent_activity(self.day)
        self.scene = Scene(learner.actor, parent, version, hex32(rng))
        self.acts: list[Act] = []

    def wait(self, low: float, high: float) -> None:
        """Let some seconds pass, between low and high."""
        self.now += 1 + int(between(self.rng, low, high) * SECOND)

    def pass_time(self, seconds: float) -> None:
        """Let an exact number of seconds pass."""
        self.now += max(1, round(seconds * SECOND))

    def act(self, statement: Callable[..., str], *arguments: object) -> None:
        """Record an act now. The clock moves on, since ids need a moment of their own."""
        self.acts.append((self.now, statement, self.scene, *arguments))
        self.now += 1

    def act_on_the_second(self, statement: Callable[..., str], *arguments: object) -> None:
        """Record an act whose time has now and then no fraction, as some events are sent."""
        if self.rng.random() < WHOLE_SECOND_SHARE:
            self.now = -(-self.now // SECOND) * SECOND
        self.act(statement, *arguments)

    def act_together(self, statement: Callable[..., str], *arguments: object) -> None:
        """Record an act at the very moment of the one before."""
        self.acts.append((self.acts[-1][0], statement, self.scene, *arguments))

    @property
    def over(self) -> bool:
        """Return whether the learner has been at it long enough."""
        return self.now > self.until


def text_of(act: Act) -> str:
    """Return the statement an act becomes."""
    text: str = act[1](act[2], act[0], *act[3:])
    return text
