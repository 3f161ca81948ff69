"""What it costs to ask: each question and each report, of one course and of all."""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass
from statistics import median

from benchmarks.questions import EVERYTHING, Question, is_course, is_learner, questions
from benchmarks.target import QUERY_SECONDS, Target

TIMES = 5  # after one that warms up
# What takes so long together is not asked again.
LONGEST_SECONDS = 20

COURSE = """\
SELECT course_key, sum(statements) AS size FROM reporting.fct_daily_activity
WHERE course_key != '' GROUP BY course_key ORDER BY size DESC LIMIT 1"""
LEARNER = """\
SELECT actor_id, actor_home_page FROM reporting.fct_daily_learner_activity
WHERE {course} GROUP BY ALL ORDER BY sum(statements) DESC LIMIT 1"""
REPORTS = """\
SELECT database, table, countIf(name = 'course_key') FROM system.columns
WHERE database IN ('reporting', 'reporting_pii') AND table LIKE 'rpt\\_%'
GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True)
class Asked:
    """What one question cost: the server's milliseconds, rows read, and memory in bytes."""

    name: str
    of_one_course: bool
    milliseconds: float
    rows: int
    memory: int


@dataclass(frozen=True)
class Chosen:
    """Whom one asks about: a course, how many statements it has, and a learner of it."""

    course_key: str
    statements: int
    actor_id: str
    actor_home_page: str


@dataclass(frozen=True)
class Answers:
    """What questions cost, and whom they were about."""

    chosen: Chosen
    asked: list[Asked]


def choose(target: Target) -> Chosen:
    """The largest course, and who does most in it."""
    course_key, statements = target.query(COURSE).rstrip("\n").split("\t")
    learner = target.query(LEARNER.format(course=is_course(course_key))).rstrip("\n").split("\t")
    return Chosen(course_key, int(statements), *learner)


def ask_all(target: Target) -> Answers:
    """Every question and every report, of the largest course and of all courses."""
    chosen = choose(target)
    course = is_course(chosen.course_key)
    learner = is_learner(chosen.actor_id, chosen.actor_home_page)
    asked = []
    for question in [*questions(), *_reports(target)]:
        if question.is_about_courses:
            asked.append(ask(target, question.name, question.sql(course, learner), True))
        asked.append(ask(target, question.name, question.sql(EVERYTHING, learner), False))
    return Answers(chosen, asked)


def _reports(target: Target) -> list[Question]:
    """All rows and columns of each `rpt_` view: worked out, but not sent."""
    return [
        Question(
            table,
            ("all",),
            f"What is in {table}?",
            f"SELECT * FROM {database}.{table} {'WHERE {where}' if int(has_course) else ''} "
            "FORMAT Null",
        )
        for database, table, has_course in (
            line.split("\t") for line in target.query(REPORTS).splitlines()
        )
    ]


def ask(target: Target, name: str, sql: str, of_one_course: bool) -> Asked:
    """What a SELECT costs: the median of several times, after one that warms up."""
    begun = time.perf_counter()
    summaries = [_summary(target, sql)]
    while len(summaries) <= TIMES and time.perf_counter() - begun < LONGEST_SECONDS:
        summaries.append(_summary(target, sql))
    summaries = summaries[1:] or summaries
    return Asked(
        name,
        of_one_course,
        median(int(one["elapsed_ns"]) / 1e6 for one in summaries),
        int(summaries[-1]["read_rows"]),
        max(int(one["memory_usage"]) for one in summaries),
    )


def _summary(target: Target, sql: str) -> dict[str, str]:
    """What the server says about a query when it has answered."""
    assert target.server
    url = f"http://{target.server.host}:{target.server.port}/?wait_end_of_query=1"
    with urllib.request.urlopen(url, sql.encode(), timeout=QUERY_SECONDS) as answer:
        answer.read()
        summary: dict[str, str] = json.loads(answer.headers["X-ClickHouse-Summary"])
    return summary
