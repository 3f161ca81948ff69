"""Which errors of the engine are waited for, and how often."""

from __future__ import annotations

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from urllib3.exceptions import ProtocolError

from loader.attempts import Attempts, what_can_pass
from loader.errors import LoaderError
from loader.patience import Patience

LOST = OperationalError("Error ('Connection aborted.') executing HTTP request attempt 1")


def refused(code: int, text: str = "no") -> DatabaseError:
    return DatabaseError(
        f"Received ClickHouse exception, code: {code}, server response: "
        f"Code: {code}. DB::Exception: {text}. (NAME)"
    )


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (LOST, "does not answer"),
        (ProtocolError("Connection closed within the head of an answer"), "does not answer"),
        (refused(241), "is out of memory"),
        (refused(252), "has too many parts to merge"),
        (refused(216), "is still at the same insert"),
        (DatabaseError("HTTP driver received HTTP status 503"), "answers 503"),
        (DatabaseError("HTTP driver received HTTP status 404"), None),
        (refused(60), None),  # UNKNOWN_TABLE
        (refused(243), None),  # NOT_ENOUGH_SPACE
        (refused(497), None),  # ACCESS_DENIED
        (DatabaseError("something else"), None),
    ],
)
def test_what_can_pass(error: Exception, what: str | None) -> None:
    assert what_can_pass(error) == what


def attempted(*errors: Exception, attempts: int = 8) -> tuple[int, list[str], list[float]]:
    """Requests made until one succeeds; what was said and slept."""
    waiting = list(errors)
    said: list[str] = []
    slept: list[float] = []
    made = 0

    def request() -> int:
        nonlocal made
        made += 1
        if waiting:
            raise waiting.pop(0)
        return made

    patience = Patience(attempts=attempts, sleep=slept.append)
    return Attempts(patience, said.append)(request), said, slept


def test_it_waits_longer_each_time_and_says_so() -> None:
    made, said, slept = attempted(LOST, refused(241), LOST)
    assert made == 4
    assert [sentence.partition(":")[0] for sentence in said] == [
        "ClickHouse does not answer",
        "ClickHouse is out of memory",
        "ClickHouse does not answer",
    ]
    assert "(attempt 1 of 8)" in said[0]
    assert 0.5 <= slept[0] <= 1 <= slept[1] <= 2 <= slept[2] <= 4


def test_what_cannot_pass_is_not_tried_again() -> None:
    with pytest.raises(LoaderError, match="ClickHouse refused: no such table"):
        attempted(refused(60, "no such table"))


def test_it_gives_up() -> None:
    with pytest.raises(LoaderError, match=r"does not answer any more\. What has landed stays"):
        attempted(*[LOST] * 3, attempts=3)
