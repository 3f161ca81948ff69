"""Weeks in which the demo's people have used Superset, in its log as browsers write it."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path

DAYS = 40
SEED = 1
CHARTS_SHOWN = 8
WAIT_SECONDS = 30
Entry = tuple[str, int, str, str, int | None, int | None]


def make_up_use(metadata: Path, until: date) -> int:
    """Fill the log of a Superset with SQLite metadata for the weeks until a day; the entries.

    Its users, but the administrator, were made in these weeks, one after the other; each opens some
    dashboards on most days from then on. The same every time, for the same users and dashboards.
    """
    chance = random.Random(SEED)  # noqa: S311  # no secret
    with closing(sqlite3.connect(metadata, timeout=WAIT_SECONDS)) as opened, opened:
        users = [row[0] for row in opened.execute("SELECT id FROM ab_user WHERE id > 1 ORDER BY 1")]
        charts: dict[int, list[int]] = {}
        for dashboard, chart in opened.execute(
            "SELECT dashboard_id, slice_id FROM dashboard_slices"
        ):
            charts.setdefault(dashboard, []).append(chart)
        entries: list[Entry] = []
        for place, user in enumerate(users):
            began = until - timedelta(days=DAYS * (len(users) - place) // (len(users) + 1))
            opened.execute(
                "UPDATE ab_user SET created_on = ? WHERE id = ?",
                (f"{began} 08:00:00.000000", user),
            )
            for day in range((until - began).days):
                if chance.random() < 0.7:
                    entries += _day(user, began + timedelta(days=day), charts, chance)
        opened.executemany(
            "INSERT INTO logs (action, user_id, dttm, json, dashboard_id, slice_id) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            entries,
        )
    return len(entries)


def _day(user: int, day: date, charts: dict[int, list[int]], chance: random.Random) -> list[Entry]:
    """What somebody did on one day: some dashboards, and their first charts."""
    moment = datetime.combine(day, time(chance.randrange(7, 18), chance.randrange(60)))
    entries = [_entry(user, moment, "spa_navigation")]
    for dashboard in chance.choices(sorted(charts), k=chance.randint(1, 4)):
        moment += timedelta(seconds=chance.randint(20, 600))
        entries.append(_entry(user, moment, "mount_dashboard", dashboard))
        for chart in sorted(charts[dashboard])[:CHARTS_SHOWN]:
            moment += timedelta(milliseconds=chance.randint(50, 900))
            entries.append(_entry(user, moment, "load_chart", dashboard, chart))
    return entries


def _entry(
    user: int, at: datetime, event: str, dashboard: int | None = None, chart: int | None = None
) -> Entry:
    told = json.dumps({"event_name": event, "event_type": "user"})
    written = at.isoformat(" ", timespec="microseconds")  # as Superset's own library writes it
    return ("log", user, written, told, dashboard, chart)
