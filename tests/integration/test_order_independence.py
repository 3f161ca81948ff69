"""The published tables depend on which statements landed, not on how they arrived.

One history in any order, in batches of any size, replayed, with late, duplicate,
conflicting and voided statements, with dbt run after any of the batches: every published
table equals what plain Python computes from the landed statements, and what a full
rebuild makes of them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from loader.generate import GeneratorOptions, generate
from tests.conftest import Warehouse
from tests.integration.arrivals import land_as_other_writers_do, landed
from tests.integration.oracle_tables import assert_tables_match_oracle
from tests.reporting import dbt, published

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
PUBLISHED = (
    "dim_courses",
    "dim_course_blocks",
    "fct_enrollments",
    "fct_learner_course_status",
    "fct_video_segments",
    "fct_video_views",
    "fct_enrollment_events",
    "fct_navigation_events",
    "fct_problem_events",
    "fct_video_events",
    "fct_grade_events",
)


@dataclass(frozen=True)
class Arrival:
    """How a history arrives: its lines in batches, and the batches after which dbt runs."""

    batches: tuple[tuple[str, ...], ...]
    runs_after: frozenset[int]
    other_writers: frozenset[int]  # batches that something else than the loader inserts


def history(folder: Path) -> list[str]:
    """A small platform's statements, a few of them voided, repeated or contradicted."""
    options = GeneratorOptions(statements=90, seed=11, learners=3, courses=2, days=20)
    lines = generate(folder, options).statements_path.read_text().splitlines()
    chance = random.Random(7)
    return [
        *lines,
        *chance.sample(lines, 5),
        *(contradicted(line) for line in chance.sample(lines, 6)),
        *(voiding(line, number) for number, line in enumerate(chance.sample(lines, 8))),
    ]


def text_of(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def contradicted(line: str) -> str:
    """A statement of the same id that says something else, at another time."""
    statement = json.loads(line)
    statement["timestamp"] = "2026-10-15T12:00:00.000001+00:00"
    statement["verb"] = {"id": "http://id.tincanapi.com/verb/unregistered"}
    return json.dumps(statement)


def voiding(line: str, number: int) -> str:
    """A statement that voids another one."""
    target = json.loads(line)
    return json.dumps(
        {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "actor": target["actor"],
            "verb": {"id": VOIDED},
            "object": {"objectType": "StatementRef", "id": target["id"]},
            "timestamp": "2026-10-30T08:00:00+00:00",
        }
    )


@st.composite
def arrivals(draw: st.DrawFn, lines: list[str]) -> Arrival:
    """Any order of some of the lines, some twice, cut into batches."""
    some = draw(st.permutations(lines))[: draw(st.integers(10, len(lines)))]
    some += draw(st.lists(st.sampled_from(some), max_size=10))
    size = draw(st.sampled_from([1, 10, 100]))
    batches = tuple(tuple(some[start : start + size]) for start in range(0, len(some), size))
    if size == 1:
        batches = batches[:14]
    numbers = st.integers(0, len(batches) - 1)
    return Arrival(
        batches,
        draw(st.frozensets(numbers, max_size=4)),
        draw(st.frozensets(numbers, max_size=3)),
    )


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return history(tmp_path_factory.mktemp("history"))


def test_any_arrival_publishes_the_same(warehouse: Warehouse, lines: list[str]) -> None:
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # an example takes seconds: shrink by hand
    )
    @given(arrivals(lines))
    def holds(arrival: Arrival) -> None:
        warehouse.empty()
        for number, batch in enumerate(arrival.batches):
            if number in arrival.other_writers:
                land_as_other_writers_do(warehouse.client, batch)
            else:
                warehouse.ingest(text_of(batch))
            if number in arrival.runs_after:
                dbt(warehouse.settings, "run")
        dbt(warehouse.settings, "run")
        assert_published_is_right(warehouse)

    holds()


def test_ten_thousand_statements_in_batches_of_a_hundred(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    options = GeneratorOptions(
        statements=10_000, seed=3, duplicates=0.02, late=0.05, shuffled=0.2, voided=0.02
    )
    files = generate(tmp_path, options)
    warehouse.empty()
    warehouse.land_dumps(tmp_path)
    lines = files.statements_path.read_text().splitlines()
    for start in range(0, len(lines), 100):
        warehouse.ingest(text_of(lines[start : start + 100]))
        dbt(warehouse.settings, "run")
    assert_published_is_right(warehouse)


def assert_published_is_right(warehouse: Warehouse) -> None:
    """The tables as they are equal the oracle's, and a rebuild changes nothing."""
    assert_tables_match_oracle(warehouse.client, landed(warehouse.client))
    before = published(warehouse.client, PUBLISHED)
    dbt(warehouse.settings, "run", "--full-refresh")
    after = published(warehouse.client, PUBLISHED)
    for relation in PUBLISHED:
        assert before[relation] == after[relation], relation
