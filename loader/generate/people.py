"""The learners: who they are, how statements name them, and how they go about a course."""

from __future__ import annotations

import hashlib
import random
from bisect import bisect_right
from dataclasses import dataclass, field

from loader.generate.catalog import Course
from loader.generate.chance import bell, below, between, pick, source, uuid4
from loader.generate.options import GeneratorOptions
from loader.generate.titles import FAMILY_NAMES, GIVEN_NAMES, LOGIN_WORDS
from loader.generate.vocabulary import LMS_ROOT, json_text

MODES = (*["audit"] * 5, *["honor"] * 2, *["verified"] * 2, "professional", "no-id-professional")
HURRIED_SHARE = 0.1


@dataclass(slots=True)
class Enrollment:
    """One learner in one course run, and how far they have come.

    The byte arrays hold one byte a block: attempts made, points earned, whether completed.
    They are made when the learner enrols, since many never do.
    """

    course: Course
    mode: str
    registered: bool = False
    next_unit: int = 0
    passed: bool = False
    attempts: bytearray = field(default_factory=bytearray)
    points: bytearray = field(default_factory=bytearray)
    completed: bytearray = field(default_factory=bytearray)
    exams_begun: int = 0

    def begin(self) -> None:
        """Make room for the learner's state in the course."""
        self.registered = True
        if not self.attempts:
            size = len(self.course.blocks)
            self.attempts = bytearray(size)
            self.points = bytearray(size)
            self.completed = bytearray(size)


@dataclass(slots=True)
class Learner:
    """A learner. `joined` is a day of the period; `last_moment` the time of the last act.

    The `hurried` do only what counts for the grade. `cut_off` is one whose last session ran
    into the end of the period.
    """

    number: int
    name: str
    username: str
    email: str
    external_id: str
    identified_by: str
    actor: str
    ability: float
    diligence: float
    hurried: bool
    joined: int
    enrollments: list[Enrollment]
    last_moment: int = 0
    last_enrollment: Enrollment | None = None
    cut_off: bool = False


def identifier_of(number: int) -> str:
    """Return how statements name the learner: most by account, a few in the older ways."""
    if number % 33 == 16:
        return "mbox"
    if number % 150 == 75:
        return "mbox_sha1sum"
    if number % 150 == 110:
        return "openid"
    return "account"


def actor_json(kind: str, external_id: str, username: str, email: str) -> str:
    """Return the actor as the statement has it and as its id is reckoned from."""
    if kind == "account":
        inner = f'"account": {{"name": "{external_id}", "homePage": "{LMS_ROOT}"}}'
    elif kind == "mbox":
        inner = f'"mbox": "mailto:{email}"'
    elif kind == "mbox_sha1sum":
        digest = hashlib.sha1(email.encode(), usedforsecurity=False).hexdigest()
        inner = f'"mbox_sha1sum": "{digest}"'
    else:
        inner = f'"openid": {json_text(f"https://openid.example.com/{username}")}'
    return f'{{"objectType": "Agent", {inner}}}'


def build_learners(options: GeneratorOptions, courses: list[Course]) -> list[Learner]:
    """Return the learners with the courses they will take, in the order of their numbers."""
    rng = source(options.seed, "learners")
    popularity = [1.0 / (1.0 + rank) ** 0.5 for rank in range(len(courses))]
    total = sum(popularity)
    steps: list[float] = []
    for share in popularity:
        steps.append((steps[-1] if steps else 0.0) + share / total)
    numbers = range(options.learner_count)
    return [_learner(rng, number, courses, steps, options) for number in numbers]


def _learner(
    rng: random.Random,
    number: int,
    courses: list[Course],
    steps: list[float],
    options: GeneratorOptions,
) -> Learner:
    name = f"{pick(rng, GIVEN_NAMES)} {pick(rng, FAMILY_NAMES)}"
    username = f"{pick(rng, LOGIN_WORDS)}_{pick(rng, LOGIN_WORDS)}{number}"
    domain = "example.com" if rng.random() < 0.8 else "school.invalid"
    email = f"{username}@{domain}"
    external_id = uuid4(rng)
    kind = identifier_of(number)
    first = _course_by_popularity(rng, courses, steps)
    span = max(1, first.closes - max(0, first.opens))
    # Most come when the course opens, the others while it runs.
    wait = span * 0.08 * rng.random() if rng.random() < 0.35 else span * 0.85 * rng.random() ** 1.7
    joined = min(options.days - 1, max(0, first.opens) + int(wait))
    taken = [first]
    for chance in (0.8, 0.6, 0.5):
        other = _course_by_popularity(rng, courses, steps)
        if rng.random() < chance and other not in taken and other.closes > joined:
            taken.append(other)
    return Learner(
        number=number,
        name=name,
        username=username,
        email=email,
        external_id=external_id,
        identified_by=kind,
        actor=actor_json(kind, external_id, username, email),
        ability=0.9 * bell(rng),
        diligence=between(rng, 0.15, 1.0),
        hurried=rng.random() < HURRIED_SHARE,
        joined=joined,
        enrollments=[Enrollment(course, MODES[below(rng, len(MODES))]) for course in taken],
    )


def _course_by_popularity(rng: random.Random, courses: list[Course], steps: list[float]) -> Course:
    return courses[min(bisect_right(steps, rng.random()), len(courses) - 1)]
