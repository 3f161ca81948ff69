"""Times and durations as options say them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from loader.errors import UsageError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment_of(option: str, written: str | None) -> datetime | None:
    """A date (its beginning) or a date and time, in UTC unless it has a zone; None for None.

    Raises UsageError that names the option.
    """
    if written is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
            return datetime.combine(date.fromisoformat(written), time(), timezone.utc)
        found = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", written))
        return (
            found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)
        )
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option} takes a date or a time as 2026-10-31 or 2026-10-31T12:00:00Z, not {written}."
        ) from None


def duration_of(option: str, written: str) -> timedelta:
    """A duration as 30s, 10m, 2h or 7d. Raises UsageError that names the option."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", written)
    if not found:
        raise UsageError(f"{option} takes a duration as 30s, 10m, 2h or 7d, not {written}.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
