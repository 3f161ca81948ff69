"""How far an LRS has been seen: worked out page by page, kept in `xapi.pulls`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from loader.engine import engine_errors, insert_rows
from loader.loads import INSERT_SETTINGS
from loader.pull.page import Times
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Pulls:
    """What `xapi.pulls` has of one LRS: `account` tells apart the stores behind one URL."""

    client: Client
    lrs: str  # URL, without any secret
    account: str

    def seen_until(self) -> datetime | None:
        """Everything stored until then has landed; None if nothing was pulled yet."""
        with engine_errors():
            rows = self.client.query(
                f"SELECT seen_until FROM {RAW}.pulls "
                "WHERE lrs = {lrs:String} AND account = {account:String} "
                "ORDER BY pulled_at DESC LIMIT 1",
                parameters={"lrs": self.lrs, "account": self.account},
            ).result_rows
        return rows[0][0].replace(tzinfo=timezone.utc) if rows else None

    def remember(self, seen_until: datetime) -> None:
        """Keep how far we are, after what was seen until then has landed."""
        row = {"lrs": self.lrs, "account": self.account, "seen_until": seen_until}
        with engine_errors():
            insert_rows(
                self.client, f"{RAW}.pulls", list(row), [list(row.values())], INSERT_SETTINGS
            )


class Seen:
    """Until when everything stored has been seen, in a walk that is on its way.

    An LRS gives statements in the order it stored them, if it does what it is asked to
    (xAPI 1.0.3 part 3, 2.1.3, `ascending`). Some go by the timestamp instead, in `since`
    too. What is earlier than both times of a statement has been seen in either case. One
    that has no order may yet show anything, so it is not known before the end.
    `Consistent-Through` is the latest that can be said at all: what was stored later may
    be joined by statements that were stored before it.
    """

    def __init__(self, tolerance: timedelta) -> None:
        """`tolerance` is by how much a statement may be earlier than those before it."""
        self._stored = _Order(tolerance)
        self._timestamp = _Order(tolerance)
        self._reached: datetime | None = None
        self._consistent_through: datetime | None = None

    def page(self, times: Sequence[Times], consistent_through: datetime | None) -> None:
        """Take the times of the statements of a page."""
        for one in times:
            self._stored.take(one.stored)
            self._timestamp.take(one.timestamp)
            earlier = _earlier(one.stored, one.timestamp) or one.timestamp
            self._reached = _later(self._reached, earlier)
        self._consistent_through = (
            _earlier(consistent_through, self._consistent_through) or self._consistent_through
        )

    @property
    def is_as_stored(self) -> bool:
        """Whether statements came in the order they were stored."""
        return self._stored.holds

    @property
    def is_in_order(self) -> bool:
        """Whether statements came in any order that lets us say how far we are."""
        return self._stored.holds or self._timestamp.holds

    @property
    def until(self) -> datetime | None:
        """How far we are, with pages still to come."""
        return _earlier(self._reached, self._consistent_through) if self.is_in_order else None

    def at_the_end(self, asked_until: datetime | None) -> datetime | None:
        """How far we are after the last page of what was stored until `asked_until`."""
        latest = self._stored.latest or self._timestamp.latest
        return _earlier(self._consistent_through or latest, asked_until)


class _Order:
    """Times that should not go back, and the latest of them."""

    def __init__(self, tolerance: timedelta) -> None:
        self._tolerance = tolerance
        self.latest: datetime | None = None
        self.holds = True

    def take(self, time: datetime | None) -> None:
        if time is None or (self.latest and time < self.latest - self._tolerance):
            self.holds = False
        self.latest = _later(self.latest, time)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of both; None only if there is no `one`."""
    return min(one, other) if one and other else one


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other
