"""What `loader ingest` says at its end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from loader.cli.outcome import WITH_REJECTS, report
from loader.cli.text import number, plural, print_table, seconds
from loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loader.loads import Load, StoredReject
    from loader.reading import PassedOver

SHOWN_NAMES = 3
COUNTED = ("landed", "duplicates", "conflicts", "rejected")


@dataclass
class Outcome:
    """What a call came to: its loads, files without statements, and why it ended early."""

    loads: list[Load] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)  # in folders and archives
    failure: LoaderError | None = None
    seconds: float = 0.0


def gather(results: Iterable[Load | PassedOver]) -> Outcome:
    """Let the loads happen, as far as they go."""
    from loader.loads import Load

    outcome = Outcome()
    started = time.perf_counter()
    try:
        for result in results:
            if isinstance(result, Load):
                outcome.loads.append(result)
            else:
                outcome.passed_over.append(result.name)
    except LoaderError as error:
        outcome.failure = error
    outcome.seconds = time.perf_counter() - started
    return outcome


def end(outcome: Outcome) -> None:
    """Leave with the exit code that belongs to an outcome, saying what went wrong."""
    if outcome.failure:
        raise typer.Exit(report(outcome.failure))
    if any(load.counts.rejected or load.counts.conflicts for load in outcome.loads):
        raise typer.Exit(WITH_REJECTS)


def as_object(outcome: Outcome) -> dict[str, Any]:
    """The counts of a call and of each of its files, for `--json`."""
    files = [
        {"file": load.source}
        | counts_of([load])
        | {"untimed": load.untimed, "seconds": round(load.seconds, 3)}
        for load in outcome.loads
    ]
    told = counts_of(outcome.loads) | {
        "untimed": sum(load.untimed for load in outcome.loads),
        "seconds": round(outcome.seconds, 3),
        "files": files,
        "passed_over": outcome.passed_over,
    }
    return told | ({"error": str(outcome.failure)} if outcome.failure else {})


def print_summary(
    outcome: Outcome, rejects: Sequence[StoredReject], what: str, source: str = "file"
) -> None:
    """A line a source, the sum, the first lines that did not land, and what to do next."""
    loads, took = outcome.loads, outcome.seconds
    counts = print_counts(outcome, source)
    rate = f", {counts['lines'] / took:,.0f} a second" if took and counts["lines"] else ""
    typer.echo(f"{plural(counts['lines'], what)} in {seconds(took)}{rate}.")
    untimed = sum(load.untimed for load in loads)
    if untimed:
        typer.echo(
            f"{plural(untimed, 'statement tells', 'statements tell')} no time "
            "and got the time of loading."
        )
    for load in loads:
        if load.grew:
            typer.echo(f"{load.source} grew meanwhile: load it again, or with --follow.")
    if outcome.passed_over:
        print_passed_over(outcome.passed_over)
    if rejects:
        print_rejects(rejects, counts["conflicts"] + counts["rejected"])
    print_next()


def print_counts(outcome: Outcome, source: str) -> dict[str, int]:
    """A line a source, and the sum; returns the sum."""
    loads = outcome.loads
    rows = [
        (load.source, *map(number, counts_of([load]).values()), seconds(load.seconds))
        for load in loads
    ]
    counts = counts_of(loads)
    if len(loads) > 1:
        rows.append(("total", *map(number, counts.values()), seconds(outcome.seconds)))
    print_table((source, "lines", *COUNTED, "time"), rows)
    typer.echo()
    return counts


def print_next() -> None:
    """What to do after a load."""
    typer.echo("Next: `dbt run` brings the reports up to date, `loader status` shows the whole.")


def print_rejects(rejects: Sequence[StoredReject], count: int) -> None:
    """The first lines that did not land, and how to see to them."""
    first = "" if count == len(rejects) else f" The first {len(rejects)}:"
    typer.echo(
        f"{plural(count, 'line')} did not land; `loader rejects` lists, mends and retries them."
        + first
    )
    print_lines(rejects)


def print_lines(rejects: Sequence[StoredReject]) -> None:
    """Lines that did not land, each with its place and the reason."""
    for one in rejects:
        typer.echo(f"  {one.source}, line {one.line}: {one.reason} ({one.detail})")


def print_passed_over(names: Sequence[str]) -> None:
    """Files of folders and archives that hold no statements."""
    shown = ", ".join(names[:SHOWN_NAMES]) + (", …" if len(names) > SHOWN_NAMES else "")
    typer.echo(f"Passed over {plural(len(names), 'file')} without statements: {shown}")


def counts_of(loads: Sequence[Load]) -> dict[str, int]:
    """Lines, and what became of them, by name."""
    names = ("lines", *COUNTED)
    return {name: sum(getattr(load.counts, name) for load in loads) for name in names}
