"""What holds for any lines whatsoever, however they are cut, packed and repeated."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loader.ingestion
import loader.reading.inputs
from loader.reading import Format, Reading
from tests.statements import REMOVED, lines, statement, text
from tests.warehouse import Warehouse, counted

AS_LINES = Reading(Format.LINES)  # some of these files are broken from their first line to the last
ON_AN_ENGINE = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
STATEMENTS = st.builds(
    lambda number, response, stored: statement(
        number, result={"response": response}, **({"stored": stored} if stored else {})
    ),
    st.integers(1, 12),
    st.sampled_from(["a", "b"]) | TEXTS,
    st.none() | st.just("2027-01-01T00:00:00Z"),
)
BROKEN = st.sampled_from([b"{", b"[]", b"\xff", text(statement(1, id="x"))])
LINES = st.lists(STATEMENTS | BROKEN, max_size=25)


@dataclass
class Model:
    """The rule in plain Python: of each id the first one stays."""

    contents: dict[str, str] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def take(self, line: dict[str, Any] | bytes) -> None:
        if isinstance(line, bytes):
            self.counts[3] += 1
            return
        content = json.dumps({name: line[name] for name in sorted(line) if name != "stored"})
        known = self.contents.setdefault(line["id"], content)
        if line["id"] not in self.texts:
            self.texts[line["id"]] = text(line)
            self.counts[0] += 1
        else:
            self.counts[1 if known == content else 2] += 1


@ON_AN_ENGINE
@given(LINES, LINES, st.integers(200, 5_000), st.integers(200, 20_000))
def test_every_line_gets_the_verdict_of_the_rule(
    warehouse: Warehouse,
    first: list[dict[str, Any] | bytes],
    second: list[dict[str, Any] | bytes],
    chunk: int,
    batch: int,
) -> None:
    warehouse.empty()
    model = Model()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.reading.inputs, "CHUNK_BYTES", chunk)
        patch.setattr(loader.ingestion, "BATCH_BYTES", batch)
        for content in (first, second):
            model.counts = [0, 0, 0, 0]
            for line in content:
                model.take(line)
            load = warehouse.ingest(lines(*content), reading=AS_LINES)
            assert list(counted(load)) == model.counts
            assert load.counts.lines == len(content)
        again = warehouse.ingest(lines(*first), reading=AS_LINES)
    assert again.counts.landed == 0
    assert warehouse.events == [model.texts[one].decode() for one in sorted(model.texts)]
    added = "SELECT countIf(lines != landed + duplicates + conflicts + rejected) FROM xapi.loads"
    assert warehouse.value(added) == 0
    stored = "SELECT count() FROM xapi.rejected_statements"
    assert warehouse.value(stored) == warehouse.value(
        "SELECT sum(conflicts + rejected) FROM xapi.loads"
    )


@ON_AN_ENGINE
@given(st.lists(st.tuples(st.uuids(), TEXTS, st.integers(0, 20_000)), max_size=20))
def test_ids_times_and_texts_of_any_length_arrive(
    warehouse: Warehouse, given_rows: list[tuple[uuid.UUID, str, int]]
) -> None:
    warehouse.empty()
    made = {
        str(identifier): statement(
            1,
            id=str(identifier),
            result={"response": response + "x" * padding},
            timestamp=f"2026-01-01T00:00:00.{padding:06}Z",
        )
        for identifier, response, padding in given_rows
    }
    warehouse.ingest(lines(*made.values()))
    found = warehouse.rows(
        "SELECT toString(event_id), toMicrosecond(emission_time), event FROM xapi.xapi_events_all"
    )
    assert sorted(found) == sorted(
        (name, int(one["timestamp"][20:26]), text(one).decode()) for name, one in made.items()
    )


@ON_AN_ENGINE
@given(st.lists(STATEMENTS.map(lambda made: made | {"id": REMOVED}), max_size=10))
def test_statements_without_ids_land_once(warehouse: Warehouse, made: list[dict[str, Any]]) -> None:
    warehouse.empty()
    nameless = [{name: value for name, value in one.items() if name != "id"} for one in made]
    distinct = {
        json.dumps({name: one[name] for name in sorted(one) if name != "stored"})
        for one in nameless
    }
    load = warehouse.ingest(lines(*nameless))
    assert counted(load) == (len(distinct), len(made) - len(distinct), 0, 0)
    assert counted(warehouse.ingest(lines(*nameless))) == (0, len(made), 0, 0)
