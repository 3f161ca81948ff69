"""The courses of the platform: organisations, runs, and their outline of blocks."""

from __future__ import annotations

import random
from dataclasses import dataclass

from loader.generate.blocks import Block, Content, problem, video
from loader.generate.chance import below, hex32, source
from loader.generate.options import GeneratorOptions
from loader.generate.titles import TITLES, Language, Title
from loader.generate.vocabulary import COURSE_TYPE, LMS_ROOT, json_text

EXAMS = ("practice", "timed", "proctored")
# Runs of consecutive courses; the fifth course is a CCX of the first.
RUNS_OF_A_COURSE = (2, 1, 1, 3, 1, 2, 1)
CCX_PLACE = 4
# Of all runs, whatever the days: examples of the documentation and the demo name courses.
YEAR = 2026


@dataclass(slots=True)
class Sequence:
    """A subsection: a row of units a learner walks along."""

    block: Block
    units: list[Unit]
    problems: list[Block]


@dataclass(slots=True)
class Unit:
    """A page of the course. `position` counts from 1 within its sequence."""

    block: Block
    sequence: Sequence
    position: int
    items: list[Block]


@dataclass(slots=True)
class Course:
    """A course run. `opens` and `closes` count days from the start of the period."""

    index: int
    title: Title
    key: str
    run: str
    name: str
    former_name: str
    renamed_on: int
    opens: int
    closes: int
    pass_mark: float
    blocks: list[Block]
    sequences: list[Sequence]
    units: list[Unit]

    @property
    def iri(self) -> str:
        """Return the id Open edX gives the course as an activity."""
        return f"{LMS_ROOT}/course/{self.key}"

    @property
    def names_units_when_navigating(self) -> bool:
        """Return whether navigation names the unit being left (newer) or the sequence."""
        return self.index % 2 == 0

    @property
    def reports_problem_grades(self) -> bool:
        """Return whether events that are off by default are sent for this course."""
        return self.index % 3 != 1

    @property
    def published_again(self) -> bool:
        """Return whether the course was changed and published once more during the period."""
        return self.index % 3 != 1

    def is_gone(self, block: Block, day: int) -> bool:
        """Return whether the team has taken the block out of the course by that day."""
        return block.content.deleted and self.published_again and day >= self.renamed_on

    def name_on(self, day: int) -> str:
        """Return the display name on a day of the period."""
        return self.former_name if day < self.renamed_on else self.name

    def parent_activity(self, day: int) -> str:
        """Return the course as statements name it in their context."""
        name = json_text(self.name_on(day))
        return (
            f'{{"id": "{self.iri}", "objectType": "Activity", "definition": '
            f'{{"name": {{"en-US": {name}}}, "type": "{COURSE_TYPE}"}}}}'
        )


def build_catalog(options: GeneratorOptions) -> list[Course]:
    """Return the course runs of the platform, always the same for the same options."""
    courses: list[Course] = []
    base = 0
    while len(courses) < options.course_count:
        title = _title(base)
        written = write_contents(source(options.seed, "content", base), title.language)
        runs = RUNS_OF_A_COURSE[base % len(RUNS_OF_A_COURSE)]
        for number in range(runs):
            if len(courses) == CCX_PLACE:
                courses.append(_ccx_of(courses[0], len(courses), options))
            courses.append(_open_run(title, written, number, runs, len(courses), options))
        base += 1
    return courses[: options.course_count]


def _title(base: int) -> Title:
    title = TITLES[base % len(TITLES)]
    again = base // len(TITLES)
    if not again:
        return title
    return title._replace(number=f"{title.number}v{again}", name=f"{title.name} ({again + 1})")


def _open_run(
    title: Title,
    written: list[Content],
    number: int,
    runs: int,
    index: int,
    options: GeneratorOptions,
) -> Course:
    days = options.days
    opens = -(14 * days) // 120 if number == 0 else days * number * 2 // (runs * 3)
    closes = days - 1 if number == runs - 1 else min(days - 1, days * (number + 2) // (runs + 1))
    run = f"{YEAR}_T{number + 1}"
    key = f"course-v1:{title.org}+{title.number}+{run}"
    return _assemble(title, key, run, written, index, opens, closes, options)


def _ccx_of(master: Course, index: int, options: GeneratorOptions) -> Course:
    key = f"{master.key.replace('course-v1:', 'ccx-v1:')}+ccx@{index}"
    written = [block.content for block in master.blocks]
    title = master.title._replace(name=f"{master.title.name} (CCX)")
    return _assemble(title, key, master.run, written, index, 0, options.days - 1, options)


def _assemble(
    title: Title,
    key: str,
    run: str,
    written: list[Content],
    index: int,
    opens: int,
    closes: int,
    options: GeneratorOptions,
) -> Course:
    kind, rest = key.split(":", 1)
    prefix = f"ccx-block-v1:{rest}" if kind == "ccx-v1" else f"block-v1:{rest}"
    course = Course(
        index=index,
        title=title,
        key=key,
        run=run,
        name=title.name,
        former_name=f"{title.name} [draft]" if index % 3 == 0 else title.name,
        renamed_on=max(1, options.days // 3),
        opens=opens,
        closes=closes,
        pass_mark=0.5 if index % 2 else 0.6,
        blocks=[],
        sequences=[],
        units=[],
    )
    for place, content in enumerate(written):
        block = Block(content, f"{prefix}+type@{content.kind}+block@{content.digits}", place)
        course.blocks.append(block)
        if content.kind == "sequential":
            course.sequences.append(Sequence(block, [], []))
        elif content.kind == "vertical":
            sequence = course.sequences[-1]
            unit = Unit(block, sequence, len(sequence.units) + 1, [])
            sequence.units.append(unit)
            course.units.append(unit)
        elif content.numbers[2]:
            course.units[-1].items.append(block)
            if content.kind == "problem":
                course.sequences[-1].problems.append(block)
    return course


def write_contents(rng: random.Random, language: Language) -> list[Content]:
    """Return a course's blocks in course order, the course block itself first."""
    course = Content("course", "course", language.section, (0, 0, 0))
    contents = [course]
    sections = 4 + below(rng, 4)
    for section in range(1, sections + 1):
        name = f"{language.section} {section}"
        contents.append(Content("chapter", hex32(rng), name, (section, 0, 0), graded=False))
        lessons = 3 + below(rng, 2)
        for lesson in range(1, lessons + 1):
            graded = lesson == lessons
            contents += _lesson(rng, language, (section, lesson), graded, "")
        # Practice early, timed after it, proctored at the end: as course teams place them.
        exam = {1: EXAMS[0], 3: EXAMS[1], sections: EXAMS[2]}.get(section, "")
        if exam:
            contents += _lesson(rng, language, (section, lessons + 1), exam != EXAMS[0], exam)
    _mark_deleted(contents)
    for kind, name in (("about", "overview"), ("course_info", "updates"), ("static_tab", "wiki")):
        contents.append(Content(kind, name, name, (0, 0, 0)))
    return contents


def _lesson(
    rng: random.Random, language: Language, place: tuple[int, int], graded: bool, exam: str
) -> list[Content]:
    section, lesson = place
    word = language.exam if exam else language.subsection
    name = f"{word} {section}.{lesson}"
    sequence = Content("sequential", hex32(rng), name, (section, lesson, 0), graded=graded)
    if exam:
        sequence.exam = exam
        sequence.time_limit = 30 + 15 * below(rng, 5)
    contents = [sequence]
    for unit in range(1, (2 if exam else 3) + below(rng, 3)):
        numbers = (section, lesson, unit)
        title = f"{language.unit} {section}.{lesson}.{unit}"
        contents.append(Content("vertical", hex32(rng), title, numbers, graded=graded))
        contents += _items(rng, language, numbers, graded, bool(exam))
    return contents


def _items(
    rng: random.Random,
    language: Language,
    numbers: tuple[int, int, int],
    graded: bool,
    exam: bool,
) -> list[Content]:
    items: list[Content] = []
    if not exam and rng.random() < (0.5 if graded else 0.95):
        items.append(video(rng, language, numbers))
    if not exam and rng.random() < 0.4:
        items.append(Content("html", hex32(rng), f"{language.reading} {numbers[2]}", numbers))
    if exam or graded or rng.random() < 0.15:
        count = 1 + (rng.random() < 0.4)
        items += [problem(rng, language, numbers, graded) for _ in range(count)]
    if not exam and rng.random() < 0.12:
        items.append(Content("discussion", hex32(rng), language.discussion, numbers))
    return items


def _mark_deleted(contents: list[Content]) -> None:
    """Mark one early reading page, which the team takes out of the course during the period."""
    for content in contents:
        if content.kind == "html" and content.numbers[2]:
            content.deleted = True
            return
