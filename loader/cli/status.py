"""`loader status`: what is in the warehouse, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.text import number, plural, print_json, print_table, seconds

if TYPE_CHECKING:
    from datetime import datetime

    from loader.overview import Status


@in_plain_words()
def status(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on one line.")
    ] = False,
) -> None:
    """Show what is in the warehouse: statements, loads, rejects, and whether reports are behind.

    \b
    Examples:
      loader status
      loader status --json | jq .reporting.behind
    """
    from loader.engine import connect
    from loader.overview import read_status
    from loader.settings import load_settings

    settings = load_settings()
    found = read_status(connect(settings), settings)
    if as_json:
        print_json(found.as_object())
    else:
        _print(found)


def _print(found: Status) -> None:
    typer.echo(f"Warehouse   {found.place}, ClickHouse {found.engine_version}")
    if not found.initialised:
        typer.echo("It has no tables yet (or old ones).")
        typer.echo("Next: `loader init`, or `loader ingest FILE`, which does it.")
        return
    typer.echo(f"Statements  {number(found.statements)}{_period(found)}")
    typer.echo(f"Loads       {_totals(found)}")
    if found.rejects:
        reasons = ", ".join(f"{number(count)} {reason}" for reason, count in found.rejects.items())
        typer.echo(f"Rejects     {reasons} (`loader rejects list`)")
    typer.echo(f"Reports     {_reporting(found)}")
    _print_loads(found)
    typer.echo("\nDumps")
    print_table(
        ("table", "rows"), [(name, number(rows)) for name, rows in found.dumps.items()], "  "
    )
    typer.echo(f"\nNext: {_next(found)}")


def _period(found: Status) -> str:
    if found.first_emission is None or found.last_emission is None:
        return ""
    return f", from {_moment(found.first_emission)} to {_moment(found.last_emission)}"


def _totals(found: Status) -> str:
    totals = found.totals
    return (
        f"{number(found.loads)} of {plural(totals.lines, 'line')}: {number(totals.landed)} landed, "
        f"{plural(totals.duplicates, 'duplicate')}, {plural(totals.conflicts, 'conflict')}, "
        f"{number(totals.rejected)} rejected"
    )


def _reporting(found: Status) -> str:
    reporting = found.reporting
    if reporting.built_at is None:
        return "never built"
    built = f"built {_moment(reporting.built_at)}"
    if not reporting.behind:
        return f"{built}, up to date"
    behind = []
    if reporting.statements_behind:
        behind.append(plural(reporting.statements_behind, "statement"))
    if reporting.newer_dumps:
        behind.append(f"newer dumps of {', '.join(reporting.newer_dumps)}")
    return f"{built}, without {' and '.join(behind)}"


def _print_loads(found: Status) -> None:
    if not found.last_loads:
        return
    typer.echo("\nLast loads (UTC)")
    rows = [
        (
            load.source,
            _moment(load.finished_at),
            number(load.counts.landed),
            number(load.counts.duplicates),
            number(load.counts.conflicts),
            number(load.counts.rejected),
            seconds(load.seconds),
        )
        for load in found.last_loads
    ]
    head = ("source", "finished", "landed", "duplicates", "conflicts", "rejected", "time")
    print_table(head, rows, "  ")


def _next(found: Status) -> str:
    if not found.statements and not found.reporting.behind:
        return "`loader ingest FILE` (or `loader generate demo` for something to load)."
    if found.reporting.behind:
        return "`dbt run` brings the reports up to date."
    return "nothing, the reports show everything that has landed."


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
