"""Pulls for tests: from an LRS of our own, with pauses that are told and not waited for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from loader.errors import LoaderError
from loader.loads import Counts, Load
from loader.pull import Credentials, Lrs, Patience, Pulls, Wanted, pull
from tests.lrs import BEGINNING, PASSWORD, SECOND, USER, TestLrs
from tests.statements import statement
from tests.warehouse import Warehouse

READER = Credentials(USER, SecretStr(PASSWORD))


@dataclass
class Pull:
    """What came of a pull: its counts, what was said while it waited, and for how long."""

    loads: list[Load] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    error: str = ""

    @property
    def counts(self) -> Counts:
        counts = Counts()
        for load in self.loads:
            counts.add(load.counts)
        return counts


def pulled(
    warehouse: Warehouse,
    lrs: TestLrs,
    credentials: Credentials = READER,
    read_timeout: float = 20,
    **wanted: Any,
) -> Pull:
    """Pull to the end, or to the error."""
    found = Pull()
    patience = Patience(attempts=4, sleep=found.pauses.append, read_timeout=read_timeout)
    source = Lrs(lrs.endpoint, credentials, patience, found.said.append)
    asked = Wanted(**({"overlap": timedelta(0)} | wanted))
    try:
        for load in pull(warehouse.clients, source, warehouse.workers, asked, found.said.append):
            found.loads.append(load)  # an error leaves those before it
    except LoaderError as error:
        found.error = str(error)
    return found


def made(first: int, last: int) -> list[dict[str, Any]]:
    return [statement(number) for number in range(first, last + 1)]


def position(warehouse: Warehouse, lrs: TestLrs) -> float | None:
    """How many statements' time the position is after the beginning."""
    found = Pulls(warehouse.client, lrs.url, READER.account).seen_until()
    return (found - BEGINNING) / SECOND if found else None
