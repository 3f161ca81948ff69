"""Blocks of a course: what one course's team wrote, and where it stands in a course run."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

from loader.generate.chance import below, between, hex32, pick
from loader.generate.titles import SUBJECTS, Language
from loader.generate.vocabulary import EVALUATED, LMS_ROOT, json_text


@dataclass(slots=True)
class Part:
    """One question of a problem. `answers` are (JSON text, is right), the right one first."""

    part_id: str
    interaction: str
    question: str
    answers: list[tuple[str, bool]]
    space: bytes


@dataclass(slots=True)
class Content:
    """A block as written once and shared by every run of the course.

    `numbers` are the running numbers of section, subsection and unit; 0 where there is none.
    `length` is a video's in seconds, `difficulty` a problem's (0 is middling).
    """

    kind: str
    digits: str
    name: str
    numbers: tuple[int, int, int]
    graded: bool = False
    length: float = 0.0
    parts: list[Part] = field(default_factory=list)
    weight: int = 1
    difficulty: float = 0.0
    hints: int = 0
    exam: str = ""
    time_limit: int = 0
    deleted: bool = False


@dataclass(slots=True)
class Block:
    """A block of one course run. `index` is its place in the course."""

    content: Content
    key: str
    index: int

    @property
    def iri(self) -> str:
        """Return the id Open edX gives the block as an activity."""
        return f"{LMS_ROOT}/xblock/{self.key}"


def video(rng: random.Random, language: Language, numbers: tuple[int, int, int]) -> Content:
    """Return a video of 60 to 1500 seconds, most of them short."""
    length = round(60 + 1440 * rng.random() ** 2.4, 2 if rng.random() < 0.5 else 0)
    subject = pick(rng, SUBJECTS)
    name = f"{language.video} {numbers[0]}.{numbers[1]}.{numbers[2]}: {subject}"
    return Content("video", hex32(rng), name, numbers, length=float(length))


def problem(
    rng: random.Random, language: Language, numbers: tuple[int, int, int], graded: bool
) -> Content:
    """Return a problem of one part, at times of two to four parts."""
    digits = hex32(rng)
    chance = rng.random()
    count = 2 + below(rng, 3) if chance < 0.09 else 0 if chance < 0.13 else 1
    parts = [_part(rng, language, f"{digits}_{number + 2}_1") for number in range(count)]
    return Content(
        "problem",
        digits,
        f"{language.problem} {numbers[0]}.{numbers[1]}.{numbers[2]}",
        numbers,
        graded=graded,
        parts=parts,
        weight=max(1, count) * (1 if rng.random() < 0.7 else 2),
        difficulty=between(rng, -1.4, 1.6),
        hints=1 + below(rng, 3) if rng.random() < 0.4 else 0,
    )


def _part(rng: random.Random, language: Language, part_id: str) -> Part:
    subject = pick(rng, SUBJECTS)
    interaction = pick(rng, ("choice", "choice", "choice", "numeric", "fill-in"))
    right: object
    wrong: list[object]
    if interaction == "numeric":
        value = round(between(rng, 1, 500), 2)
        right, wrong = str(value), [str(value * 10), str(-value), f"{value / 2:.3f}"]
        question = f"{language.problem}: {subject} = ?"
    elif interaction == "fill-in":
        right, wrong = subject, [f"{subject}s", "?", "no idea"]
        question = f"{language.problem}: ___ ({len(subject)})"
    elif rng.random() < 0.25:
        # Several choices: Open edX puts a list into the response as JSON text, unescaped.
        both = [language.right, f"{subject}, {language.wrong[0]}"]
        options = [both, both[:1], [language.wrong[1]], [language.wrong[2], both[1]]]
        texts = [json.dumps(option, ensure_ascii=False) for option in options]
        right, wrong = texts[0], list(texts[1:])
        question = f"{language.problem}: {subject}? (2)"
    else:
        right, wrong = language.right, list(language.wrong)
        question = f"{language.problem}: {subject}?"
    answers = [(json_text(right), True), *((json_text(answer), False) for answer in wrong)]
    return Part(part_id, interaction, json_text(question), answers, EVALUATED.part_space(part_id))
