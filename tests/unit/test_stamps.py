"""Times that are read many at once are those that pydantic reads one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from loader.stamps import read_stamps
from loader.usual import _validated

Moment = tuple[datetime, timezone]
Written = Callable[[datetime], str]

OFFSETS = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31))
WRITTEN: tuple[Written, ...] = (
    lambda moment: moment.isoformat(timespec="microseconds"),
    lambda moment: moment.isoformat(timespec="milliseconds"),
    lambda moment: moment.isoformat(timespec="seconds"),
    lambda moment: f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z",
    lambda moment: f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z",
)


@given(
    st.lists(st.tuples(MOMENTS, OFFSETS), min_size=1, max_size=20),
    st.sampled_from(WRITTEN),
)
def test_they_are_the_same(moments: list[Moment], written: Written) -> None:
    stamps = [written(moment.replace(tzinfo=zone)) for moment, zone in moments]
    assert read_stamps(stamps) == _validated(stamps)


@given(
    st.tuples(MOMENTS, OFFSETS),
    st.sampled_from(WRITTEN),
    st.integers(0, 40),
    st.sampled_from("0123456789-+:.TZ /²٣"),
)
def test_what_is_no_time_is_not_taken_for_one(
    moment: Moment, written: Written, place: int, other: str
) -> None:
    """One character is another: what is read then is what pydantic reads, or nothing."""
    good = written(moment[0].replace(tzinfo=moment[1]))
    odd = good[:place] + other + good[place + 1 :]
    found = read_stamps([good, odd])
    if found is not None:
        assert found == _validated([good, odd])


@pytest.mark.parametrize(
    "stamp",
    [
        *("2026-02-29T10:00:00Z", "2026-13-01T10:00:00Z", "2026-00-01T10:00:00Z"),
        *("2026-04-31T10:00:00Z", "2026-04-00T10:00:00Z", "2026-04-01T24:00:00Z"),
        *("2026-04-01T10:60:00Z", "2026-04-01T10:00:60Z", "0000-04-01T10:00:00Z"),
        *("2026-04-01T10:00:00+24:00", "2026-04-01T10:00:00+01:60", "2026-04-01T10:00:00"),
    ],
)
def test_no_such_time(stamp: str) -> None:
    assert read_stamps([stamp]) is None
    with pytest.raises((ValidationError, TypeError)):
        _validated([stamp])


def test_a_leap_day() -> None:
    stamps = ["2024-02-29T23:59:59.999999+00:00", "2000-02-29T00:00:00.000000-01:30"]
    assert read_stamps(stamps) == _validated(stamps)
    assert read_stamps([]) is None
