"""What can go wrong between an LRS and us, and what comes of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from loader.loads import Counts
from loader.pull import Credentials
from tests import lrs as lrs_server
from tests.integration.pulling import made, position, pulled
from tests.lrs import BEGINNING, USER, TestLrs, running_lrs
from tests.warehouse import Warehouse


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lrs_server.status(500), "answers 500 Internal Server Error: waiting "),
        (lrs_server.status(503), "answers 503 Service Unavailable: waiting "),
        (lrs_server.cut, "does not answer (it hung up): waiting "),
        (lrs_server.cut_at_once, "does not answer (it hung up): waiting "),
        (lrs_server.slow, "does not answer (it takes too long): waiting "),
        (lrs_server.malformed, "gives an answer that is no page of statements (it is no JSON"),
        (lrs_server.header("Content-Encoding", "gzip"), "(its compression is damaged): waiting "),
    ],
)
def test_a_fault_that_passes_costs_a_pause_and_nothing_else(
    warehouse: Warehouse, lrs: TestLrs, fault: lrs_server.Fault, said: str
) -> None:
    lrs.page_size = 4
    texts = lrs.store(*made(1, 10))
    lrs.faults += [lrs_server.as_it_should_be, fault, fault]
    read_timeout = 1 if fault is lrs_server.slow else 20
    found = pulled(warehouse, lrs, read_timeout=read_timeout)
    assert (found.counts, found.error) == (Counts(landed=10), "")
    assert [event.encode() for event in warehouse.events] == texts
    assert [said in sentence for sentence in found.said] == [True, True]
    assert "(attempt 2 of 4)" in found.said[1]
    assert len(found.pauses) == 2


def test_a_pause_as_long_as_the_lrs_asks(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 3))
    lrs.faults += [lrs_server.status(429, Retry_After="30")]
    found = pulled(warehouse, lrs)
    assert found.counts.landed == 3
    assert 30 <= found.pauses[0] <= 31
    assert found.said[0].startswith("The LRS answers 429 Too Many Requests: waiting 30.")


def test_whoever_asks_for_a_day_is_left_alone(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.faults += [lrs_server.status(429, Retry_After="86400")]
    found = pulled(warehouse, lrs)
    assert found.pauses == []
    assert "answers 429 Too Many Requests, and asks to wait over 60 minutes. " in found.error


def test_a_fault_that_does_not_pass_ends_it_and_the_next_pull_goes_on(
    warehouse: Warehouse, lrs: TestLrs
) -> None:
    lrs.page_size = 4
    lrs.store(*made(1, 10))
    lrs.faults += [lrs_server.as_it_should_be] + [lrs_server.status(502)] * 4
    found = pulled(warehouse, lrs)
    assert found.counts == Counts(landed=4)
    assert len(found.pauses) == 3
    expected = f"The LRS at {lrs.url} answers 502 Bad Gateway 4 times. What has landed stays; "
    assert found.error == expected + "the same command goes on from there."
    assert position(warehouse, lrs) == 4
    assert pulled(warehouse, lrs).counts == Counts(landed=6)


def test_a_page_that_comes_twice(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.page_size = 4
    lrs.store(*made(1, 8))
    kept = []

    def keep(answer: lrs_server.Answer) -> lrs_server.Answer:
        kept.append(answer)
        return answer

    def repeat(answer: lrs_server.Answer) -> lrs_server.Answer:
        page = json.loads(kept[0].body)
        page["more"] = "/xapi/statements?ascending=true&cursor=3"
        return replace(answer, body=json.dumps(page).encode())

    lrs.faults += [keep, repeat]
    found = pulled(warehouse, lrs)
    assert (found.counts, found.error) == (Counts(landed=8, duplicates=4), "")


def test_pages_in_a_circle(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.page_size = 4
    lrs.store(*made(1, 8))
    back = "/xapi/statements?ascending=true"
    lrs.faults += [lrs_server.changed(lambda page: page.update(more=back))] * 3
    found = pulled(warehouse, lrs)
    assert "leads in a circle" in found.error
    assert found.counts.landed == 4


def test_a_page_that_changes_between_attempts(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.store(*made(1, 3))

    def more_have_come(answer: lrs_server.Answer) -> lrs_server.Answer:
        lrs.store(*made(4, 5))
        return lrs_server.cut(answer)

    lrs.faults += [more_have_come]
    assert pulled(warehouse, lrs).counts == Counts(landed=5)


def test_a_statement_that_changes_is_a_conflict_and_the_first_stays(
    warehouse: Warehouse, lrs: TestLrs
) -> None:
    texts = lrs.store(*made(1, 3))
    pulled(warehouse, lrs)

    def change(page: Any) -> None:
        page["statements"][1]["result"] = {"success": True}

    lrs.faults += [lrs_server.changed(change)]
    assert pulled(warehouse, lrs, since=BEGINNING).counts == Counts(duplicates=2, conflicts=1)
    assert [event.encode() for event in warehouse.events] == texts


def test_wrong_credentials(warehouse: Warehouse, lrs: TestLrs) -> None:
    found = pulled(warehouse, lrs, Credentials(USER, SecretStr("wrong-secret")))
    assert found.error == (
        f"The LRS at {lrs.url} refuses the credentials (401 Unauthorized): check LRS_USER and "
        "LRS_PASSWORD, or LRS_TOKEN, and that they may read statements."
    )
    assert found.pauses == []
    assert "wants credentials (401" in pulled(warehouse, lrs, Credentials()).error


def test_version_2_is_spoken_where_version_1_is_not(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.versions, lrs.page_size = ("2.0.",), 2
    lrs.store(*made(1, 5))
    assert pulled(warehouse, lrs).counts == Counts(landed=5)
    assert len(lrs.queries) == 4


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (
            lrs_server.header("X-Experience-API-Version", "0.95"),
            "answers in version 0.95 of xAPI, which is neither 1.0 nor 2.0, though it was",
        ),
        (lrs_server.status(404), "has no statements there (404 Not Found): is the URL"),
        (
            lrs_server.status(301, Location="https://new.example/xapi/statements?since=x"),
            "has moved (301 Moved Permanently) to https://new.example/xapi/statements: give that",
        ),
        (lrs_server.status(418), 'answers 418 I\'m a Teapot: {"message": "not now"}'),
    ],
)
def test_what_waiting_does_not_help(
    warehouse: Warehouse, lrs: TestLrs, fault: lrs_server.Fault, error: str
) -> None:
    lrs.faults += [fault]
    found = pulled(warehouse, lrs)
    assert found.error.startswith(f"The LRS at {lrs.url} {error}")
    assert found.pauses == []


def test_what_the_lrs_does_not_like_is_repeated(warehouse: Warehouse, lrs: TestLrs) -> None:
    lrs.faults += [lrs_server.status(400)] * 2
    assert 'answers 400 Bad Request: {"message": "not now"}' in pulled(warehouse, lrs).error


def test_nobody_there(warehouse: Warehouse) -> None:
    with running_lrs() as gone:
        pass
    found = pulled(warehouse, gone)
    assert "does not answer (nobody listens there) 4 times." in found.error
