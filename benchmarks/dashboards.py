"""What it costs to open dashboards of one course: each chart's own query, as Superset asks it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from benchmarks import charts
from benchmarks.asking import Asked, Chosen, ask
from benchmarks.target import Target

# As many as a browser has open to one server.
AT_ONCE = 6
# What the server keeps of former queries. The kernel keeps pages of files beyond that.
CACHES = ("MARK", "UNCOMPRESSED", "QUERY CONDITION", "QUERY", "COMPILED EXPRESSION", "MMAP")


@dataclass(frozen=True)
class Opened:
    """A dashboard: the seconds until all of its charts had their rows, when the server was cold."""

    dashboard: str
    charts: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Dashboards:
    """Every dashboard opened cold, and then each chart by itself."""

    opened: list[Opened]
    asked: list[Asked]

    @property
    def median(self) -> float:
        """Milliseconds of the middle one of all charts."""
        return median(one.milliseconds for one in self.asked)

    @property
    def slowest(self) -> float:
        """Milliseconds of the slowest chart."""
        return max(one.milliseconds for one in self.asked)


def open_all(target: Target, chosen: Chosen) -> Dashboards:
    """Open each dashboard for a course and a learner of it, and ask each chart by itself."""
    asks = {
        dashboard: {
            one.chart: one.sql(chosen.course_key, chosen.actor_id, chosen.actor_home_page)
            for one in charts.read(dashboard)
        }
        for dashboard in charts.dashboards()
    }
    opened = [
        Opened(dashboard, tuple(queries), _seconds_cold(target, list(queries.values())))
        for dashboard, queries in asks.items()
    ]
    each = {chart: sql for queries in asks.values() for chart, sql in queries.items()}
    return Dashboards(opened, [ask(target, chart, sql, True) for chart, sql in each.items()])


def _seconds_cold(target: Target, queries: list[str]) -> float:
    for cache in CACHES:
        target.query(f"SYSTEM DROP {cache} CACHE")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = time.perf_counter()
        list(pool.map(target.query, queries))
        return time.perf_counter() - begun
