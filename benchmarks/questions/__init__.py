"""What dashboards ask, each question as one SELECT on published tables.

They are in the `.sql` files of this folder. A comment before each has its name, the
dashboards that ask it, and the question. `{where}` is the place for a condition on columns of
courses, `{learner}` for one on a learner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILES = sorted(Path(__file__).parent.glob("*.sql"))
EVERYTHING = "true"
_QUESTION = re.compile(
    r"^-- (?P<name>\w+) \((?P<dashboards>[\w, ]+)\): (?P<text>.+\?)\n(?P<sql>[^;]+);$", re.MULTILINE
)


@dataclass(frozen=True)
class Question:
    """What some dashboards ask: the question, and the SELECT that answers it."""

    name: str
    dashboards: tuple[str, ...]
    text: str
    template: str

    @property
    def is_about_courses(self) -> bool:
        """Whether it can be asked about one course."""
        return "{where}" in self.template

    def sql(self, where: str = EVERYTHING, learner: str = EVERYTHING) -> str:
        """The SELECT with conditions on the course and on the learner."""
        return self.template.replace("{where}", where).replace("{learner}", learner)


def questions() -> list[Question]:
    """All questions, in the order of the files."""
    return [
        Question(found["name"], tuple(found["dashboards"].split(", ")), found["text"], found["sql"])
        for file in FILES
        for found in _QUESTION.finditer(file.read_text(encoding="utf-8"))
    ]


def is_course(course_key: str) -> str:
    """The condition that a row is about this course."""
    return f"course_key = {_quoted(course_key)}"


def is_learner(actor_id: str, actor_home_page: str) -> str:
    """The condition that a row is about this learner."""
    return f"actor_id = {_quoted(actor_id)} and actor_home_page = {_quoted(actor_home_page)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
