"""Who studies on which day."""

from __future__ import annotations

import bisect
import math
import random

from loader.generate.chance import bell, between, source
from loader.generate.options import GeneratorOptions
from loader.generate.people import Learner

STATEMENTS_PER_SESSION = 46
FEWEST_STATEMENTS_EACH = 4
NO_SHOW_SHARE = 0.12
HURRIED_ZEAL = 3.0
# Monday first: busy start of the week, quiet Friday and Saturday, Sunday evening homework.
WEEKDAY_WEIGHTS = (1.0, 0.95, 0.9, 0.85, 0.6, 0.55, 0.95)


def plan_sessions(options: GeneratorOptions, learners: list[Learner]) -> list[list[int]]:
    """Return for each day of the period the numbers of the learners who study, one a session.

    Nobody appears before the day they joined. Learners who only look in come once; the others
    as often as their zeal has it, more seldom as the weeks go by.
    """
    rng = source(options.seed, "plan")
    count = max(1, round(options.statements / STATEMENTS_PER_SESSION))
    days: list[list[int]] = [[] for _ in range(options.days)]
    comers = learners[: max(1, options.statements // FEWEST_STATEMENTS_EACH)]
    zeal: list[float] = []
    for learner in comers:
        days[learner.joined].append(learner.number)
        eager = 0.0 if rng.random() < NO_SHOW_SHARE else math.exp(1.1 * bell(rng))
        eager *= HURRIED_ZEAL if learner.hurried else 1.0
        zeal.append((zeal[-1] if zeal else 0.0) + eager * _room(learner, options))
    if zeal[-1] == 0.0:
        zeal = [float(number + 1) for number in range(len(comers))]
    for _ in range(count - len(comers)):
        place = bisect.bisect_right(zeal, rng.random() * zeal[-1])
        learner = comers[min(place, len(comers) - 1)]
        days[_study_day(rng, learner, options)].append(learner.number)
    return days


def _room(learner: Learner, options: GeneratorOptions) -> float:
    """Return less zeal for those who come late, who would have to study in too few days."""
    return min(1.0, (options.days - learner.joined) / min(30, options.days))


def _study_day(rng: random.Random, learner: Learner, options: GeneratorOptions) -> int:
    first_weekday = options.first_day.weekday()
    left = options.days - learner.joined
    patience = 4.0 + 45.0 * learner.diligence
    day = learner.joined
    for _ in range(6):
        age = -patience * math.log(1.0 - rng.random())
        if age >= left:
            age = between(rng, 0.0, left)
        day = learner.joined + int(age)
        if rng.random() < WEEKDAY_WEIGHTS[(first_weekday + day) % 7]:
            break
    return min(day, options.days - 1)


def start_hours(rng: random.Random, sessions: int) -> list[float]:
    """Return the hours of the day at which one learner's sessions of that day begin."""
    latest = max(0.5, 22.5 - 1.3 * (sessions - 1))
    hours = []
    for _ in range(sessions):
        # Mostly after work, some over the day, a few at night.
        chance = rng.random()
        if chance < 0.6:
            hour = 17.0 + 5.5 * (rng.random() + rng.random()) / 2.0
        elif chance < 0.95:
            hour = between(rng, 7.5, 18.0)
        else:
            hour = between(rng, 0.0, 22.5)
        hours.append(min(hour, latest * between(rng, 0.9, 1.0)))
    return sorted(hours)
