"""The tables Open edX sends beside the statements: courses, blocks and people."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from loader.generate.blocks import Block
from loader.generate.catalog import Course
from loader.generate.chance import below, pick, source, uuid4
from loader.generate.options import GeneratorOptions
from loader.generate.people import Learner
from loader.generate.tags import tag_tables, tags_of_blocks, tags_of_course
from loader.generate.titles import COUNTRIES
from loader.generate.vocabulary import json_text

Row = list[object]

COLUMNS = {
    "course_overviews": (
        "org", "course_key", "display_name", "course_start", "course_end", "enrollment_start",
        "enrollment_end", "self_paced", "course_data_json", "created", "modified", "dump_id",
        "time_last_dumped",
    ),
    "course_blocks": (
        "org", "course_key", "location", "display_name", "xblock_data_json", "order",
        "edited_on", "dump_id", "time_last_dumped",
    ),
    "user_profile": (
        "id", "user_id", "name", "username", "email", "meta", "courseware", "language",
        "location", "year_of_birth", "gender", "level_of_education", "mailing_address", "city",
        "country", "state", "goals", "bio", "profile_image_uploaded_at", "phone_number",
        "dump_id", "time_last_dumped",
    ),
    "external_id": (
        "external_user_id", "external_id_type", "username", "user_id", "dump_id",
        "time_last_dumped",
    ),
    "tag": (
        "id", "taxonomy", "parent", "value", "external_id", "lineage", "dump_id",
        "time_last_dumped",
    ),
    "taxonomy": ("id", "name", "dump_id", "time_last_dumped"),
    "object_tag": (
        "id", "object_id", "taxonomy", "tag", "_value", "_export_id", "lineage", "dump_id",
        "time_last_dumped",
    ),
}  # fmt: skip

AGGREGATES = ("course", "chapter", "sequential", "vertical")
DETACHED = ("about", "course_info", "static_tab")
FIRST_USER_ID = 4


class Dumps:
    """Makes the rows of all tables for one platform."""

    def __init__(
        self, options: GeneratorOptions, courses: list[Course], learners: list[Learner]
    ) -> None:
        self.options = options
        self.courses = courses
        self.learners = learners
        self.rng = source(options.seed, "dumps")
        self.end = datetime.datetime.combine(
            options.until + datetime.timedelta(days=1), datetime.time(2, 30)
        )

    def write(self, out: Path) -> tuple[Path, ...]:
        """Write every table as CSV with a header and return the files."""
        tags, taxonomies, object_tags = tag_tables(
            self.options, self.courses, self._stamp(self.end)
        )
        tables: dict[str, Iterable[Row]] = {
            "course_overviews": self._course_overviews(),
            "course_blocks": self._course_blocks(),
            "user_profile": self._user_profiles(),
            "external_id": self._external_ids(),
            "tag": tags,
            "taxonomy": taxonomies,
            "object_tag": object_tags,
        }
        paths = []
        for name, rows in tables.items():
            path = out / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(COLUMNS[name])
                table.writerows(rows)
            paths.append(path)
        return tuple(paths)

    def _stamp(self, moment: datetime.datetime) -> str:
        return f"{moment:%Y-%m-%d %H:%M:%S}.{below(self.rng, 1_000_000):06d}+00:00"

    def _day(self, day: int) -> datetime.datetime:
        start = datetime.datetime.combine(self.options.first_day, datetime.time(9, 0))
        return start + datetime.timedelta(days=day)

    def _dump_days(self, course: Course) -> Iterator[tuple[bool, datetime.datetime]]:
        """Yield (is the latest, time) of each dump of the course, the earlier first.

        The earlier one has the former name and a block that is gone since.
        """
        if course.published_again:
            yield False, self._day(course.renamed_on) - datetime.timedelta(hours=14)
        yield True, self.end

    def _course_overviews(self) -> Iterator[Row]:
        for course in self.courses:
            for latest, when in self._dump_days(course):
                opens, closes = self._day(course.opens), self._day(course.closes + 30)
                yield [
                    course.title.org,
                    course.key,
                    course.name if latest else course.former_name,
                    _date(opens, course.index),
                    _date(closes, course.index),
                    _date(opens - datetime.timedelta(days=30), course.index),
                    _date(closes, course.index) if course.index % 2 else "",
                    course.index % 4 == 0,
                    json_text(_course_data(course, tags_of_course(course))),
                    self._stamp(opens - datetime.timedelta(days=60)),
                    self._stamp(when - datetime.timedelta(hours=1)),
                    uuid4(self.rng),
                    self._stamp(when),
                ]

    def _course_blocks(self) -> Iterator[Row]:
        for course in self.courses:
            tags = tags_of_blocks(course)
            for latest, when in self._dump_days(course):
                dump, stamp = uuid4(self.rng), self._stamp(when)
                edited = self._stamp(when - datetime.timedelta(days=3))
                order = 0
                for block in course.blocks:
                    if latest and course.is_gone(block, self.options.days):
                        continue
                    order += 1
                    name = block.content.name
                    if block.content.kind == "course":
                        name = course.name if latest else course.former_name
                    data = json_text(_block_data(course, block, tags.get(block.index, [])))
                    place = (course.title.org, course.key, block.key, name, data, order)
                    yield [*place, edited, dump, stamp]

    def _user_profiles(self) -> Iterator[Row]:
        dump, stamp = uuid4(self.rng), self._stamp(self.end)
        for learner in self.learners:
            user = learner.number + FIRST_USER_ID
            born = 1950 + below(self.rng, 58) if self.rng.random() < 0.7 else ""
            row: Row = [user, user, learner.name, learner.username, learner.email, "{}", "", ""]
            row += ["", born, pick(self.rng, ("f", "m", "o", ""))]
            row += [pick(self.rng, ("b", "m", "hs", "p", "none", "")), "", ""]
            row += [pick(self.rng, COUNTRIES), "", "", "", "", "", dump, stamp]
            yield row

    def _external_ids(self) -> Iterator[Row]:
        dump, stamp = uuid4(self.rng), self._stamp(self.end)
        earlier_dump, earlier = uuid4(self.rng), self._stamp(self._day(0))
        for learner in self.learners:
            rest: Row = [learner.username, learner.number + FIRST_USER_ID, dump, stamp]
            # Such an id comes into being with its first use, so not for those named otherwise.
            if learner.identified_by == "account":
                yield [learner.external_id, "xapi", *rest]
                if learner.number % 50 == 7:
                    # One who once had another: the latest counts.
                    yield [uuid4(self.rng), "xapi", *rest[:2], earlier_dump, earlier]
            if learner.number % 20 == 3:
                yield [uuid4(self.rng), "caliper", *rest]


def _date(moment: datetime.datetime, shape: int) -> str:
    """Return a date in one of the shapes such dumps have."""
    if shape % 3 == 0:
        return f"{moment:%Y-%m-%d %H:%M:%S}+00:00"
    if shape % 3 == 1:
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _course_data(course: Course, tags: list[str]) -> dict[str, object]:
    return {
        "advertised_start": None,
        "announcement": None,
        "lowest_passing_grade": course.pass_mark,
        "invitation_only": False,
        "max_student_enrollments_allowed": None,
        "effort": "3 h",
        "enable_proctored_exams": True,
        "entrance_exam_enabled": False,
        "external_id": None,
        "language": course.title.language.code,
        "tags": tags,
    }


def _block_data(course: Course, block: Block, tags: list[str]) -> dict[str, object]:
    content = block.content
    section, subsection, unit = content.numbers
    return {
        "course": course.title.number,
        "run": course.run,
        "block_type": content.kind,
        "detached": content.kind in DETACHED,
        "graded": content.graded,
        "completion_mode": "aggregator" if content.kind in AGGREGATES else "completable",
        "section": section,
        "subsection": subsection,
        "unit": unit,
        "tags": tags,
    }
