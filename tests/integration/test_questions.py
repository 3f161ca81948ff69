"""What dashboards ask is answered by one short SELECT on published tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.questions import FILES, Question, is_course, is_learner, questions
from loader.generate import GeneratorOptions, generate
from tests.reporting import dbt
from tests.warehouse import Warehouse

QUESTIONS = questions()
LONGEST_LINES = 20
SECTIONS = {"course", "at risk", "one learner", "comparison", "operator", "one problem"}
SECTIONS |= {"in brief", "one subsection", "one video", "all"}

# Questions to which the answer may be: nothing.
MAY_BE_EMPTY: set[str] = set()


def test_every_question_is_read() -> None:
    assert len(QUESTIONS) == sum(file.read_text(encoding="utf-8").count(";") for file in FILES)
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_is_one_short_select_on_published_tables(question: Question) -> None:
    assert set(question.dashboards) <= SECTIONS
    assert len(question.template.splitlines()) <= LONGEST_LINES
    assert not re.search(r"\b(join|with|json\w*)\b", question.template, re.IGNORECASE)
    tables = re.findall(r"\bfrom ([\w.]+)", question.template)
    assert tables
    assert {table.partition(".")[0] for table in tables} <= {"reporting", "reporting_pii"}


def odd_statements(path: Path) -> bytes:
    """What operators ask about: a conflict, and a statement with a verb that nobody knows."""
    with path.open("rb") as lines:
        hummed = json.loads(next(lines)) | {"verb": {"id": "http://example.com/verbs/hummed"}}
    odd = [hummed, hummed | {"id": "5d3f2c1e-0000-4000-8000-000000000001"}]
    return b"".join(json.dumps(one).encode() + b"\n" for one in odd)


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_every_question_has_an_answer(warehouse: Warehouse, tmp_path: Path) -> None:
    options = GeneratorOptions(statements=20_000, learners=150, malformed=0.001)
    made = generate(tmp_path / "platform", options)
    warehouse.land_dumps(made.statements_path.parent)
    warehouse.ingest_path(made.statements_path)
    warehouse.ingest(odd_statements(made.statements_path))
    dbt(warehouse.settings, "run")
    ((course_key, *learner),) = warehouse.rows(
        "SELECT course_key, actor_id, actor_home_page FROM reporting.fct_daily_learner_activity "
        "WHERE course_key != '' GROUP BY ALL ORDER BY sum(statements) DESC, actor_id LIMIT 1"
    )
    unanswered = set()
    for question in QUESTIONS:
        answers = (
            warehouse.rows(question.sql(learner=is_learner(*learner))),
            warehouse.rows(question.sql(is_course(course_key), is_learner(*learner))),
        )
        if not all(answers):
            unanswered.add(question.name)
    assert unanswered <= MAY_BE_EMPTY
