"""The published tables depend on which statements landed, not on how they arrived.

One history in any order, in batches of any size, replayed, with late, duplicate,
conflicting and voided statements, the rows of its dumps in any order and before any of the
batches, with dbt run after any of them: every published table equals what plain Python
computes from what landed, and what a full rebuild makes of it.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from loader.generate import GeneratorOptions, generate
from loader.schema import EVENT_SINKS
from tests.integration.arrivals import (
    Dump,
    land_as_other_writers_do,
    land_dump,
    landed,
    read_dump,
)
from tests.integration.oracle_tables import assert_tables_match_oracle
from tests.reporting import dbt, published, published_relations, records
from tests.sources import every_statement
from tests.statements import Statement, statement, text
from tests.warehouse import Warehouse

COURSE = "https://lms.example/course/course-v1:Org+Demo+1"
UNREGISTERED = "http://id.tincanapi.com/verb/unregistered"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
# Views are what the first run has made of them, whatever comes: most of a run's time is theirs.
BUT_VIEWS = ("--exclude", "config.materialized:view")


@dataclass(frozen=True)
class Arrival:
    """How a history arrives: its lines in batches, and the batches after which dbt runs.

    Some batches something else than the loader inserts; before some come rows of dumps.
    """

    seed: int
    size: int
    batches: list[list[str]]
    runs_after: set[int]
    other_writers: set[int]
    dumps_before: dict[int, list[Dump]]

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """What hypothesis shows: everything else follows from it, and is too long to read."""
        printer.text(f"Arrival(seed={self.seed}, size={self.size})")


@dataclass(frozen=True)
class Platform:
    """What a made-up platform sends: its statements as lines, and its dumps."""

    lines: list[str]
    dumps: list[Dump]


def history(folder: Path) -> Platform:
    """A small platform and other sources, some statements repeated, contradicted or voided."""
    options = GeneratorOptions(statements=80, seed=11, learners=3, courses=2, days=20)
    lines = generate(folder, options).statements_path.read_text().splitlines()
    lines += [json.dumps(made) for made in every_statement()]
    chance = random.Random(7)
    sent = [
        *lines,
        *chance.sample(lines, 5),
        *(contradicted(line) for line in chance.sample(lines, 8)),
        *(voiding(line, number) for number, line in enumerate(chance.sample(lines, 20))),
    ]
    return Platform(sent, [read_dump(folder, table) for table in EVENT_SINKS])


@st.composite
def arrivals(draw: st.DrawFn, platform: Platform) -> Arrival:
    """The lines in any order, some twice, cut into batches, with about five runs of dbt.

    The rows of each dump come in any order, too, in two halves.

    hypothesis draws the seed: what it draws itself tends to the small, and a history
    that arrives at once tells nothing.
    """
    seed = draw(st.integers(0, 2**32))
    chance = random.Random(seed)
    size = chance.choice([1, 10, 100])
    some = [*platform.lines, *chance.sample(platform.lines, 10)]
    chance.shuffle(some)
    if size == 1:
        some = some[:40]
    batches = [some[start : start + size] for start in range(0, len(some), size)]
    numbers = range(len(batches))
    dumps_before: dict[int, list[Dump]] = defaultdict(list)
    for dump in platform.dumps:
        rows = chance.sample(dump.rows, len(dump.rows))
        for half in (rows[::2], rows[1::2]):
            dumps_before[chance.choice(numbers)].append(replace(dump, rows=half))
    return Arrival(
        seed,
        size,
        batches,
        set(chance.sample(numbers, min(5, len(batches)))),
        set(chance.sample(numbers, len(batches) // 4)),
        dumps_before,
    )


def text_of(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def called(name: str) -> Statement:
    """The course, by that name."""
    kind = "http://adlnet.gov/expapi/activities/course"
    return {"id": COURSE, "definition": {"type": kind, "name": {"en": name}}}


def lines_of(*given: bytes) -> bytes:
    return b"".join(line + b"\n" for line in given)


def voiding_of(target: Statement) -> bytes:
    return voiding(json.dumps(target), 0).encode()


def contradicted(line: str) -> str:
    """A statement of the same id that says something else, at another time."""
    statement = json.loads(line)
    statement["timestamp"] = "2026-10-15T12:00:00.000001+00:00"
    statement["verb"] = {"id": UNREGISTERED}
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


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return history(tmp_path_factory.mktemp("history"))


def test_a_voided_statement_vanishes_with_its_name(warehouse: Warehouse) -> None:
    """Whatever came first, with dbt run in between: nothing of the statement is left."""
    named = statement(1, object=called("Wrong"))
    for order in ([text(named), voiding_of(named)], [voiding_of(named), text(named)]):
        warehouse.empty()
        for line in order:
            warehouse.ingest(lines_of(line))
            dbt(warehouse.settings, "run")
        for relation in published_relations():
            assert records(warehouse.client, relation) == [], relation


def test_a_name_goes_with_the_statement_that_gave_it(warehouse: Warehouse) -> None:
    """The latest statement to name a course is voided: the one before it names it again."""
    right, wrong = (
        statement(day, timestamp=f"2026-03-0{day}T10:00:00Z", object=called(name))
        for day, name in ((1, "Right"), (2, "Wrong"))
    )
    unnamed = statement(3, timestamp="2026-03-03T10:00:00Z")
    for line in (text(right), text(wrong), text(unnamed), voiding_of(wrong)):
        warehouse.ingest(lines_of(line))
        dbt(warehouse.settings, "run")
    assert [row["course_name"] for row in records(warehouse.client, "dim_courses")] == ["Right"]


def test_of_two_writers_the_first_counts(warehouse: Warehouse) -> None:
    """Another writer repeats an id with other content, at another time, after dbt has run."""
    first = json.dumps(statement(1, timestamp="2026-03-01T10:00:00Z"))
    for when in ("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"):
        second = json.dumps(statement(1, timestamp=when, verb={"id": UNREGISTERED}))
        warehouse.empty()
        for line in (first, second):
            land_as_other_writers_do(warehouse.client, [line])
            dbt(warehouse.settings, "run")
        (row,) = records(warehouse.client, "fct_enrollments")
        assert row["enrollment_status"] == "registered"
        assert_published_is_right(warehouse)


def test_of_two_in_one_insert_one_counts(warehouse: Warehouse) -> None:
    """The raw table keeps one of them; which one is the engine's affair, but it counts."""
    warehouse.client.command(
        "INSERT INTO xapi.xapi_events_all (event_id, emission_time, event) SELECT "
        "toUUID({id:String}), toDateTime64('2026-03-01', 6, 'UTC'), "
        "arrayJoin([{one:String}, {other:String}])",
        parameters={
            "id": statement()["id"],
            "one": json.dumps(statement()),
            "other": json.dumps(statement(verb={"id": UNREGISTERED})),
        },
    )
    for _ in range(2):
        dbt(warehouse.settings, "run")
        assert len(records(warehouse.client, "fct_enrollments")) == 1
    assert_published_is_right(warehouse)


@pytest.mark.long
def test_any_arrival_publishes_the_same(warehouse: Warehouse, platform: Platform) -> None:
    @settings(
        max_examples=4,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # an example takes seconds: shrink by hand
    )
    @given(arrivals(platform))
    def holds(arrival: Arrival) -> None:
        warehouse.empty()
        dbt(warehouse.settings, "run")
        for number, batch in enumerate(arrival.batches):
            for dump in arrival.dumps_before.get(number, ()):
                land_dump(warehouse.client, dump, warehouse.folder)
            if number in arrival.other_writers:
                land_as_other_writers_do(warehouse.client, batch)
            else:
                warehouse.ingest(text_of(batch))
            if number in arrival.runs_after:
                dbt(warehouse.settings, "run", *BUT_VIEWS)
        dbt(warehouse.settings, "run", *BUT_VIEWS)
        assert_published_is_right(warehouse)

    holds()


@pytest.mark.long
def test_ten_thousand_statements_in_batches_of_a_hundred(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    options = GeneratorOptions(
        statements=10_000, seed=3, duplicates=0.02, late=0.05, shuffled=0.2, voided=0.02
    )
    files = generate(tmp_path, options)
    warehouse.empty()
    warehouse.land_dumps(tmp_path)
    dbt(warehouse.settings, "run")
    lines = files.statements_path.read_text().splitlines()
    for start in range(0, len(lines), 100):
        warehouse.ingest(text_of(lines[start : start + 100]))
        if start % 1500 == 0:
            dbt(warehouse.settings, "run", *BUT_VIEWS)
    dbt(warehouse.settings, "run", *BUT_VIEWS)
    assert_published_is_right(warehouse)


def assert_published_is_right(warehouse: Warehouse) -> None:
    """The tables as they are equal the oracle's, and a rebuild changes nothing."""
    assert_tables_match_oracle(warehouse.client, landed(warehouse.client))
    relations = published_relations()
    before = published(warehouse.client, relations)
    dbt(warehouse.settings, "run", "--full-refresh", *BUT_VIEWS)
    after = published(warehouse.client, relations)
    for relation in relations:
        assert before[relation] == after[relation], relation
