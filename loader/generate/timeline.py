"""All acts of the period in the order of time, exactly as many as were asked for."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from loader.generate.chance import between, source
from loader.generate.compose import DAY, SECOND, day_start
from loader.generate.forum import Forum
from loader.generate.options import GeneratorOptions
from loader.generate.people import Enrollment, Learner
from loader.generate.plan import plan_sessions, start_hours
from loader.generate.problem_statements import evaluated_group, evaluated_part
from loader.generate.session import Act, Session
from loader.generate.studying import follow_link, study

VERSIONS = ("9.3.7", "10.0.0")
FILL_AT_ONCE = 40
_moment = itemgetter(0)


class Timeline:
    """Plays the period day by day; only what belongs to one day is held at a time."""

    def __init__(self, options: GeneratorOptions, learners: list[Learner]) -> None:
        self.options = options
        self.learners = learners
        self.days = plan_sessions(options, learners)
        self.sessions_left = sum(len(day) for day in self.days)
        self.acts_left = options.statements
        self.start = day_start(options.first_day)
        self.end = day_start(options.until) + DAY
        self.forum = Forum()

    def play(self) -> Iterator[list[Act]]:
        """Yield each day's acts in the order of time."""
        held: list[Act] = []
        for day, numbers in enumerate(self.days):
            midnight = self.start + (day + 1) * DAY
            held += self._play_day(day, numbers)
            if day == len(self.days) - 1:
                held += self._fill_up(self.end - DAY)
            held.sort(key=_moment)
            end = bisect_left(held, midnight, key=_moment)
            yield held[:end]
            held = held[end:]

    def _play_day(self, day: int, numbers: list[int]) -> list[Act]:
        rng = source(self.options.seed, "day", day)
        version = VERSIONS[day * len(VERSIONS) // self.options.days]
        midnight = self.start + day * DAY
        acts: list[Act] = []
        for number, times in Counter(numbers).items():
            learner = self.learners[number]
            for hour in start_hours(rng, times):
                budget = self._budget(between(rng, 0.4, 1.6))
                enrollment = self._choose_course(rng, learner, day)
                begin = midnight + int(hour * 3600 * SECOND)
                session = Session(learner, enrollment, begin, self.start, rng, version)
                if budget and session.now < self.end and not learner.cut_off:
                    study(session, self.forum, budget)
                    acts += self._keep(session)
        return acts

    def _budget(self, factor: float) -> int:
        """Return how many acts the next session should have so that the total comes out."""
        left = max(1, self.sessions_left)
        self.sessions_left -= 1
        if left == 1:
            return self.acts_left
        return min(self.acts_left, max(3, int(self.acts_left / left * factor)))

    def _choose_course(self, rng: random.Random, learner: Learner, day: int) -> Enrollment:
        """Return one of the learner's courses that are open, mostly the first."""
        taken = learner.enrollments
        chosen = taken[int(len(taken) * rng.random() ** 2)]
        if chosen.course.opens <= day <= chosen.course.closes:
            return chosen
        return learner.enrollments[0]

    def _keep(self, session: Session) -> list[Act]:
        """Return the session's acts within the period and within the number wanted.

        A problem's statement is never kept without those on all its parts.
        """
        acts = session.acts
        while acts and acts[-1][0] >= self.end:
            acts.pop()
            session.learner.cut_off = True
        if len(acts) > self.acts_left:
            cut = acts[self.acts_left]
            del acts[self.acts_left :]
            if cut[1] is evaluated_part:
                while acts.pop()[1] is not evaluated_group:
                    pass
        self.acts_left -= len(acts)
        if acts:
            session.learner.last_moment = acts[-1][0]
            session.learner.last_enrollment = session.enrollment
        return acts

    def _fill_up(self, begin: int) -> list[Act]:
        """Return clicks on links for what is still missing when all sessions are over."""
        acts: list[Act] = []
        rng = source(self.options.seed, "fill")
        while self.acts_left:
            seen = [one for one in self.learners if one.last_moment]
            learner = min(seen or self.learners[:1], key=lambda one: one.last_moment)
            enrollment = learner.last_enrollment or learner.enrollments[0]
            session = Session(learner, enrollment, begin, self.start, rng, VERSIONS[-1])
            session.now = max(begin, learner.last_moment + 1)
            if not enrollment.registered and not seen:
                study(session, self.forum, 1)
            else:
                count = min(FILL_AT_ONCE, self.acts_left)
                step = min(20 * SECOND, (self.end - session.now) // (count + 1))
                for _ in range(count):
                    follow_link(session)
                    session.now += step
            acts += self._keep(session)
        return acts
