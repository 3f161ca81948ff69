"""Statements from an LRS over HTTP: what lands, and how far we are afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

import loader.pull.walk
from loader.loads import Counts
from loader.pull import Credentials
from tests import lrs as lrs_server
from tests.integration.pulling import made, position, pulled
from tests.lrs import BEGINNING, PASSWORD, SECOND, TOKEN, USER, TestLrs, running_lrs
from tests.statements import statement
from tests.warehouse import Warehouse


def test_statements_land_as_they_came_and_only_once(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.page_size = 4
    texts = lrs.store(*made(1, 10))
    first = pulled(warehouse, lrs)
    assert (first.counts, first.error) == (Counts(landed=10), "")
    assert [event.encode() for event in warehouse.events] == texts
    assert [len(query) for query in lrs.queries] == [1, 2, 2]
    assert position(warehouse, lrs) == 10
    texts += lrs.store(*made(11, 13))
    second = pulled(warehouse, lrs)
    assert second.counts == Counts(landed=3)
    assert [event.encode() for event in warehouse.events] == texts
    assert pulled(warehouse, lrs).loads == []


def test_a_load_is_of_the_url_and_tells_no_secret(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 2), {"no": "statement"})
    pulled(warehouse, lrs)
    assert warehouse.rows("SELECT source, lines, landed, rejected FROM xapi.loads") == [
        (lrs.url, 3, 2, 1)
    ]
    assert warehouse.rows("SELECT source, reason FROM xapi.rejected_statements") == [
        (lrs.url, "invalid_actor")
    ]
    assert warehouse.value("SELECT uniqExact(source) FROM xapi.xapi_events_all") == 1
    for table in ("loads", "rejected_statements", "xapi_events_all", "pulls"):
        for secret in (PASSWORD, TOKEN, f"{USER}:", f"//{USER}"):
            hidden = f"SELECT countSubstrings(toString(tuple(*)), '{secret}') FROM xapi.{table}"
            assert not any(count for (count,) in warehouse.rows(hidden))


def test_a_window(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 10))
    found = pulled(warehouse, lrs, since=BEGINNING + 2 * SECOND, until=BEGINNING + 5 * SECOND)
    assert found.counts == Counts(landed=3)
    assert position(warehouse, lrs) == 5


def test_a_window_after_what_was_pulled_leaves_the_gap_to_the_next_pull(
    warehouse: Warehouse, lrs: TestLrs
) -> None:
    lrs.store(*made(1, 3))
    pulled(warehouse, lrs)
    lrs.store(*made(4, 9))
    assert pulled(warehouse, lrs, since=BEGINNING + 6 * SECOND).counts == Counts(landed=3)
    assert position(warehouse, lrs) == 3
    assert pulled(warehouse, lrs).counts == Counts(landed=3, duplicates=3)
    assert pulled(warehouse, lrs, since=BEGINNING).counts == Counts(duplicates=9)
    assert position(warehouse, lrs) == 9


def test_late_ones_are_found_within_the_overlap(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 10))
    pulled(warehouse, lrs)
    lrs.store(statement(11), at=BEGINNING + 8 * SECOND)
    assert pulled(warehouse, lrs, overlap=SECOND).counts == Counts(duplicates=1)
    found = pulled(warehouse, lrs, overlap=4 * SECOND).counts
    assert (found.landed, found.conflicts, found.rejected) == (1, 0, 0)


def test_what_is_not_consistent_yet_is_asked_for_again(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.lag = 6 * SECOND
    lrs.store(*made(1, 10))
    pulled(warehouse, lrs)
    assert position(warehouse, lrs) == 4
    lrs.store(statement(11), at=BEGINNING + 5 * SECOND)
    assert pulled(warehouse, lrs).counts == Counts(landed=1, duplicates=6)


def test_an_idle_lrs_moves_on_with_its_clock(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 3))
    lrs.clock += 100 * SECOND
    pulled(warehouse, lrs)
    assert position(warehouse, lrs) == 103


def test_an_lrs_without_consistent_through(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 3))
    lrs.faults.append(lrs_server.header("X-Experience-API-Consistent-Through", ""))
    pulled(warehouse, lrs)
    assert position(warehouse, lrs) == 3


def test_the_stores_behind_one_url_are_kept_apart(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 3))
    pulled(warehouse, lrs)
    assert pulled(warehouse, lrs, Credentials(token=SecretStr(TOKEN))).counts == Counts(
        duplicates=3
    )


def history(*minutes: int) -> list[dict[str, Any]]:
    """Statements of things that happened so many minutes after ten, the day before."""
    return [
        statement(number, timestamp=f"2025-12-31T10:{minute:02}:00Z")
        for number, minute in enumerate(minutes, start=1)
    ]


@pytest.mark.parametrize("minutes", [range(6), [0, 1, 30, 2, 3, 4]])
def test_an_lrs_that_goes_by_the_timestamp_is_pulled_to_its_end(
    warehouse: Warehouse, lrs: TestLrs, monkeypatch: pytest.MonkeyPatch, minutes: Sequence[int]
) -> None:
    monkeypatch.setattr(loader.pull.walk, "BATCH_PAGES", 1)
    lrs.page_size, lrs.goes_by = 2, "timestamp"
    lrs.store(*history(*minutes))
    lrs.faults += [lrs_server.as_it_should_be] * 2 + [lrs_server.status(404)]
    assert "404" in pulled(warehouse, lrs).error
    assert pulled(warehouse, lrs).counts.landed == 2
    assert len(warehouse.events) == 6


def test_an_lrs_that_goes_by_the_timestamp_is_told_of_if_it_shows(
    warehouse: Warehouse, lrs: TestLrs
) -> None:
    lrs.goes_by = "timestamp"
    lrs.store(*history(0, 1, 30, 2))
    (said,) = pulled(warehouse, lrs).said
    assert said.startswith("This LRS does not give statements in the order it stored them (Ralph")


def test_an_lrs_without_any_order_is_pulled_again_if_it_was_not_seen_to_its_end(
    warehouse: Warehouse, lrs: TestLrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.pull.walk, "BATCH_PAGES", 1)
    lrs.page_size, lrs.is_ascending = 1, False
    lrs.store(*history(*range(6)))
    lrs.faults += [lrs_server.as_it_should_be] * 3 + [lrs_server.status(404)]
    assert "404" in pulled(warehouse, lrs).error
    assert pulled(warehouse, lrs).counts == Counts(landed=3, duplicates=3)
    assert position(warehouse, lrs) == 6


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["store", "late", "pull", "broken"]),
        st.integers(1, 6),
    ),
    max_size=12,
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(EVENTS, st.integers(1, 5), st.integers(1, 3))
def test_whatever_happens_everything_is_there_at_the_end(
    warehouse: Warehouse, events: list[tuple[str, int]], page: int, batch: int
) -> None:
    warehouse.empty()
    overlap = 5 * SECOND
    texts: list[bytes] = []
    with running_lrs() as lrs, pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.pull.walk, "BATCH_PAGES", batch)
        lrs.page_size = page
        for event, number in events:
            if event == "store":
                texts += lrs.store(*made(len(texts) + 1, len(texts) + number))
            elif event == "late":
                time = max(BEGINNING, lrs.clock - min(number, 4) * SECOND)
                texts += lrs.store(statement(len(texts) + 1), at=time)
            elif event == "broken":
                lrs.faults += [lrs_server.as_it_should_be] * number + [lrs_server.status(404)]
                pulled(warehouse, lrs, overlap=overlap)
                lrs.faults.clear()
            else:
                pulled(warehouse, lrs, overlap=overlap)
        assert pulled(warehouse, lrs, overlap=overlap).error == ""
    assert Counter(event.encode() for event in warehouse.events) == Counter(texts)
