"""Land what did not land before and is good now: after a fix, or with other limits or rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from loader.checkers import Checkers
from loader.envelope import Reason
from loader.ingestion import ingest
from loader.limits import Limits
from loader.loads import Load
from loader.progress import Progress, no_progress
from loader.reading import Format, Reading, Source
from loader.rejects.judging import Judged, judge
from loader.rejects.resolve import Resolution, mark
from loader.rejects.selection import Reject, Wanted, pages, sources_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_USUAL = Limits()
_NOT_JUDGED_ANEW = (Reason.TOO_LARGE.value, Reason.INVALID_ROW.value)


@dataclass
class Retried:
    """What became of rejects that were tried again."""

    tried: int = 0
    resolved: int = 0
    landed: int = 0  # statements
    duplicates: int = 0
    loads: list[Load] = field(default_factory=list)
    remaining: Counter[str] = field(default_factory=Counter)  # that still cannot land, by reason

    def add(self, judged: Judged[Reject]) -> None:
        """Count a page, as it was judged."""
        self.tried += len(judged.good) + len(judged.bad)
        self.resolved += len(judged.good)
        self.landed += judged.landing
        self.duplicates += judged.duplicates
        self.remaining += Counter(
            # Of these the text is not whole, or was no statement: nothing else can be said of it.
            one.reason if one.reason in _NOT_JUDGED_ANEW else verdict.reason.value
            for one, verdict in judged.bad
        )


def retry_rejects(
    clients: Sequence[Client],
    workers: Checkers,
    wanted: Wanted,
    limits: Limits = _USUAL,
    progress: Progress = no_progress,
    *,
    strict: bool = False,
    dry_run: bool = False,
) -> Retried:
    """Judge rejects again, by the limits and the rules that hold now, and land what is good.

    What lands is a load of its own, for each source under its name, and has its row in
    `xapi.loads`; then the rejects are marked. What still cannot land stays as it is, in no
    load, and so does a conflict as long as the other statement is there. With `dry_run`
    nothing is written. `progress` is told how many were tried. Raises LoaderError when the
    engine refuses; the same call again goes on.
    """
    done = Retried()
    with landing(clients, workers, limits, strict) as land:
        for source, _ in sources_of(clients[0], wanted):
            for page in pages(clients[0], wanted, source):
                judged = judge(clients[0], page, limits, strict)
                done.add(judged)
                if judged.good and not dry_run:
                    texts = (text for _, texts in judged.good for text in texts)
                    load = land(source, texts)
                    rejects = [one for one, _ in judged.good]
                    mark(clients[0], rejects, Resolution.LANDED, load.load_id)
                    done.loads.append(load)
                progress(done.tried, done.tried, done.tried - done.resolved)
    return done


Land = Callable[[str, Iterable[bytes]], Load]
"""Lands the texts of statements as a load of a source of that name."""


@contextmanager
def landing(
    clients: Sequence[Client], workers: Checkers, limits: Limits, strict: bool
) -> Iterator[Land]:
    """A way to land single texts as files land, with all that this promises."""
    with TemporaryDirectory(prefix="loader-") as folder:
        path = Path(folder) / "statements"

        def land(name: str, texts: Iterable[bytes]) -> Load:
            found = list(texts)
            path.write_bytes(b"\n".join(found))
            # A statement of several lines is a JSON value, not a line.
            is_lines = not any(b"\n" in text for text in found)
            reading = Reading(Format.LINES if is_lines else Format.JSON, limits)
            results = ingest(clients, [Source(name, path)], workers, reading, strict=strict)
            (load,) = (result for result in results if isinstance(result, Load))
            return load

        yield land
