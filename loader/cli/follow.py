"""`loader ingest --follow`: a line for each load, and what they came to at the end."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from loader.cli.outcome import FAILED, WITH_REJECTS
from loader.cli.summary import COUNTED, SHOWN_NAMES, print_next, print_rejects
from loader.cli.text import number, plural, print_json, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clickhouse_connect.driver.client import Client

    from loader.checkers import Checkers
    from loader.follow import Stop
    from loader.loads import Counts, Load, StoredReject
    from loader.reading import Reading

SHOWN_REJECTS = 5


@dataclass
class _Total:
    """What became of all lines so far."""

    counts: Counts
    loads: int = 0
    with_rejects: list[Load] = field(default_factory=list)  # the first of them

    def add(self, load: Load) -> None:
        self.counts.add(load.counts)
        self.loads += 1
        did_not_land = load.counts.rejected or load.counts.conflicts
        if did_not_land and len(self.with_rejects) < SHOWN_REJECTS:
            self.with_rejects.append(load)


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


def follow_paths(
    clients: Sequence[Client],
    paths: list[str],
    workers: Checkers,
    reading: Reading,
    interval: float,
    strict: bool,
    as_json: bool,
) -> None:
    """Follow paths until Ctrl-C, telling of each load; raises typer.Exit for a code but 0."""
    from loader.follow import follow
    from loader.loads import Counts, Load, first_rejects
    from loader.reading.following import Follower

    total, started = _Total(Counts()), time.perf_counter()
    with closing(Follower(paths, reading)) as follower, _stopped_by_signals() as stop:
        if not as_json:
            typer.echo(f"Following {', '.join(paths)}. Ctrl-C ends it.", err=True)
        for result in follow(
            clients, follower, workers, stop, interval, reading, strict=strict, tell=_say
        ):
            if isinstance(result, Load):
                total.add(result)
                _tell(result, as_json)
            else:
                typer.echo(f"{result} It is tried again when it has changed.", err=True)
        unfinished, failures = follower.unfinished(), follower.failures()
    took = time.perf_counter() - started
    if as_json:
        end = {"loads": total.loads, "seconds": round(took, 3), "unfinished": unfinished}
        print_json(_as_object(total.counts) | end)
    else:
        rejects = first_rejects(clients[0], total.with_rejects, SHOWN_REJECTS)
        _print_summary(total, took, rejects, unfinished)
    if failures:
        raise typer.Exit(FAILED)
    if total.with_rejects:
        raise typer.Exit(WITH_REJECTS)


@contextmanager
def _stopped_by_signals() -> Iterator[Stop]:
    """What the first Ctrl-C sets, or a request to end; the second does as usual."""
    from loader.follow import Stop

    stop = Stop()
    usual: dict[int, Callable[..., Any] | int | None] = {}

    def ask(asked: int, _frame: object) -> None:
        stop.set()
        signal.signal(asked, usual[asked])

    for one in (signal.SIGINT, signal.SIGTERM):
        usual[one] = signal.signal(one, ask)
    try:
        yield stop
    finally:
        for asked, handler in usual.items():
            signal.signal(asked, handler)


def _tell(load: Load, as_json: bool) -> None:
    if as_json:
        print_json({"file": load.source} | _as_object(load.counts))
    else:
        when = load.finished_at.astimezone() if load.finished_at else ""
        typer.echo(f"{when:%Y-%m-%d %H:%M:%S}  {load.source}: {_in_words(load.counts)}")


def _as_object(counts: Counts) -> dict[str, Any]:
    return {name: getattr(counts, name) for name in ("lines", *COUNTED)}


def _in_words(counts: Counts) -> str:
    found = [f"{number(getattr(counts, name))} {name}" for name in COUNTED if getattr(counts, name)]
    return ", ".join(found) or "no lines"


def _print_summary(
    total: _Total, took: float, rejects: Sequence[StoredReject], unfinished: Sequence[str]
) -> None:
    counts = total.counts
    lines, loads = plural(counts.lines, "line"), plural(total.loads, "load")
    typer.echo(f"\n{lines} in {loads} and {seconds(took)}: {_in_words(counts)}.")
    if unfinished:
        shown = ", ".join(unfinished[:SHOWN_NAMES]) + (", …" if unfinished[SHOWN_NAMES:] else "")
        typer.echo(f"Not whole yet, and not read to the end: {shown}")
    if rejects:
        print_rejects(rejects, counts.conflicts + counts.rejected)
    print_next()
