"""Times as they are mostly written, read many at once: what pydantic reads, much faster."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from loader.lazy_numpy import numpy

if TYPE_CHECKING:
    from numpy import int64, uint8
    from numpy.typing import NDArray

# ISO 8601 with an offset; a platform writes all of its times alike.
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?P<fraction>\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)
_ZERO = ord("0")
_SIGNS = (ord("+"), ord("-"))
_SECONDS = slice(17, 19)
_OFFSET_HOURS, _OFFSET_MINUTES = slice(-5, -3), slice(-2, None)

Bytes: TypeAlias = "NDArray[uint8]"
Numbers: TypeAlias = "NDArray[int64]"


def read_stamps(stamps: Sequence[str]) -> list[int] | None:
    """Microseconds since 1970; None if they are not all of one form, or one is no time."""
    form = _WRITTEN.fullmatch(stamps[0]) if stamps else None
    text = "".join(stamps)
    if not form or not text.isascii() or set(map(len, stamps)) != {form.end()}:
        return None
    np = numpy()
    first = stamps[0]
    rows = np.frombuffer(text.encode(), np.uint8).reshape(-1, len(first))
    has_offset = not first.endswith("Z")
    sign = len(first) - 6 if has_offset else -1
    digits = [place for place, written in enumerate(first) if written.isdigit()]
    marks = [place for place in range(len(first)) if place not in (*digits, sign)]
    if (
        (rows[:, marks] != rows[0, marks]).any()
        or (rows[:, digits] - _ZERO > 9).any()  # below "0" it wraps
        or (has_offset and not np.isin(rows[:, sign], _SIGNS).all())
    ):
        return None
    return _moments(rows, slice(*form.span("fraction")), has_offset)


def _moments(rows: Bytes, fraction: slice, has_offset: bool) -> list[int] | None:
    np = numpy()
    year, month, day = (_number(rows, where) for where in (slice(4), slice(5, 7), slice(8, 10)))
    hour, minute, second = (
        _number(rows, where) for where in (slice(11, 13), slice(14, 16), _SECONDS)
    )
    months = (year - 1970) * 12 + month - 1
    first_days = _first_day(months)
    good = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    good &= day <= _first_day(months + 1) - first_days
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)
    minutes = ((first_days + day - 1) * 24 + hour) * 60 + minute
    if has_offset:
        hours, rest = _number(rows, _OFFSET_HOURS), _number(rows, _OFFSET_MINUTES)
        good &= (hours <= 23) & (rest <= 59)
        minutes -= np.where(rows[:, -6] == ord("-"), -1, 1) * (hours * 60 + rest)
    if not good.all():
        return None
    moments = (minutes * 60 + second) * 1_000_000
    if fraction.start >= 0:
        digits = slice(fraction.start + 1, fraction.stop)
        moments += _number(rows, digits) * 10 ** (6 - (digits.stop - digits.start))
    found: list[int] = moments.tolist()
    return found


def _number(rows: Bytes, where: slice) -> Numbers:
    """The whole number that each row has there."""
    np = numpy()
    digits = rows[:, where]
    number: Numbers = np.zeros(len(rows), np.int64)
    for place in range(digits.shape[1]):
        number = number * 10 + (digits[:, place] - _ZERO)
    return number


def _first_day(months: Numbers) -> Numbers:
    """The first day of each month since 1970, in days since then."""
    days: Numbers = months.astype("datetime64[M]").astype("datetime64[D]").astype("int64")
    return days
