"""`loader pull`: from where we were through the pages of an LRS, landing as we go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from loader.batches import in_batches
from loader.checkers import Checkers
from loader.envelope import EPOCH
from loader.ingestion import ingest
from loader.limits import Limits
from loader.loads import Load
from loader.progress import Progress, no_progress
from loader.pull.lrs import Lrs
from loader.pull.page import Page
from loader.pull.position import Pulls, Seen
from loader.reading import Format, Reading, Source

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Pages of an LRS are small, and the engine likes large inserts: so many land together.
BATCH_BYTES = 8 * 1024 * 1024
BATCH_PAGES = 50  # what is lost of the way, at most, when we are stopped

OVERLAP = timedelta(minutes=10)

_USUAL = Limits()


@dataclass(frozen=True)
class Wanted:
    """Which statements to pull, by the time the LRS stored them.

    Without `since`, those after what was pulled before. `overlap` is how far to go back
    for those that the LRS showed late.
    """

    since: datetime | None = None
    until: datetime | None = None
    overlap: timedelta = OVERLAP
    page_size: int | None = None


def pull(
    clients: Sequence[Client],
    lrs: Lrs,
    workers: Checkers,
    wanted: Wanted = Wanted(),
    tell: Callable[[str], None] = lambda _sentence: None,
    progress: Progress = no_progress,
    limits: Limits = _USUAL,
) -> Iterator[Load]:
    """Land what an LRS has stored since the last pull; gives each load that was finished.

    How far we are is remembered in `xapi.pulls` after each of them. Raises LoaderError when
    the LRS or the engine refuses; what landed stays, and another pull goes on from there.
    """
    walk = _Walk(Pulls(clients[0], lrs.url, lrs.account), wanted)
    pages = lrs.pages(walk.since, wanted.until, wanted.page_size)
    read = statements = 0
    with TemporaryDirectory(prefix="loader-") as folder:
        for batch in in_batches(pages, _is_full):
            loads: list[Load] = []
            if any(page.times for page in batch):
                path = Path(folder) / "pages.json"
                path.write_bytes(b"\n".join(page.body for page in batch))
                source, reading = Source(lrs.url, path), Reading(Format.JSON, limits)
                results = ingest(clients, [source], workers, reading, tell=tell)
                loads = [result for result in results if isinstance(result, Load)]
            walk.landed(batch)
            read += sum(len(page.body) for page in batch)
            statements += sum(load.counts.lines for load in loads)
            progress(read, statements)
            yield from loads
    if not walk.is_as_stored:
        tell(
            "This LRS does not give statements in the order it stored them (Ralph orders by "
            "their timestamp). Those that reach it late, by more than --overlap, are missed: "
            "see docs/pull.md."
        )


class _Walk:
    """One walk through an LRS, and what it lets us remember."""

    def __init__(self, pulls: Pulls, wanted: Wanted) -> None:
        self._pulls = pulls
        self._wanted = wanted
        self._start = pulls.seen_until()
        self._reached = self._start
        self._seen = Seen(wanted.overlap)
        self.since = wanted.since or (self._start and self._start - wanted.overlap)
        # Beginning later than where we were leaves a gap, which the next pull has to fill.
        self._leaves_gap = bool(self._start and wanted.since and wanted.since > self._start)

    @property
    def is_as_stored(self) -> bool:
        return self._seen.is_as_stored

    def landed(self, batch: Sequence[Page]) -> None:
        """Remember how far we are, now that these pages have landed."""
        for page in batch:
            self._seen.page(page.times, page.consistent_through)
        if self._leaves_gap:
            return
        if self._reached != self._start and not self._seen.is_in_order:
            self._reached = self._start  # what was remembered on the way was too much
            self._pulls.remember(self._start or self.since or EPOCH)
        is_last = not batch[-1].more
        found = self._seen.at_the_end(self._wanted.until) if is_last else self._seen.until
        if found and (self._reached is None or found > self._reached):
            self._reached = found
            self._pulls.remember(found)


def _is_full(batch: Sequence[Page]) -> bool:
    return len(batch) >= BATCH_PAGES or sum(len(one.body) for one in batch) >= BATCH_BYTES
