"""`loader ingest --dry-run`: what would become of the lines, and that nothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from loader.cli.progress import display
from loader.cli.summary import (
    Outcome,
    as_object,
    end,
    gather,
    print_counts,
    print_lines,
    print_passed_over,
)
from loader.cli.text import plural, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loader.checkers import Checkers
    from loader.loads import Load
    from loader.progress import Show
    from loader.reading import PassedOver, Reading, Source
    from loader.settings import Settings


def foresee_sources(
    settings: Settings,
    sources: Sequence[Source],
    workers: Checkers,
    table: str | None,
    reading: Reading,
    strict: bool,
    as_json: bool,
) -> None:
    """Tell what a load of these sources would come to; raises typer.Exit for a code but 0."""
    with display() as bars:
        outcome = gather(_foreseen(settings, sources, workers, table, reading, strict, bars.start))
    if as_json:
        print_json(as_object(outcome) | {"dry_run": True})
    elif outcome.loads or outcome.passed_over:
        _print(outcome, "row" if table else "statement")
    end(outcome)


def _foreseen(
    settings: Settings,
    sources: Sequence[Source],
    workers: Checkers,
    table: str | None,
    reading: Reading,
    strict: bool,
    show: Show,
) -> Iterator[Load | PassedOver]:
    from loader.dry_run import foresee, foresee_dump, open_existing

    client = open_existing(settings)
    if not table:
        yield from foresee(client, sources, workers, reading, show, strict=strict)
        return
    for source in sources:
        yield foresee_dump(source, table, show(source.name, source.size), reading)


def _print(outcome: Outcome, what: str) -> None:
    from loader.dry_run import TOLD_REJECTS, Foreseen

    counts = print_counts(outcome, "file")
    if outcome.passed_over:
        print_passed_over(outcome.passed_over)
    foreseen = [load for load in outcome.loads if isinstance(load, Foreseen)]
    rejects = [one for load in foreseen for one in load.rejects][:TOLD_REJECTS]
    count = counts["conflicts"] + counts["rejected"]
    if count:
        first = "" if count == len(rejects) else f" The first {len(rejects)}:"
        typer.echo(f"{plural(count, 'line')} would not land.{first}")
    print_lines(rejects)
    typer.echo(
        f"Nothing was written: {plural(counts['landed'], what)} would land. "
        "Next: the same without --dry-run."
    )
