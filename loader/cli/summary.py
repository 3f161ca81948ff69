"""What `loader ingest` says at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from loader.cli.text import number, plural, print_table, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.loads import Load, StoredReject

COUNTED = ("landed", "duplicates", "conflicts", "rejected")


def as_object(loads: Sequence[Load], took: float) -> dict[str, Any]:
    """The counts of a call and of each of its files, for `--json`."""
    files = [
        {"file": load.source}
        | _counts([load])
        | {"untimed": load.untimed, "seconds": round(load.seconds, 3)}
        for load in loads
    ]
    untimed = sum(load.untimed for load in loads)
    return _counts(loads) | {"untimed": untimed, "seconds": round(took, 3), "files": files}


def print_summary(
    loads: Sequence[Load], took: float, rejects: Sequence[StoredReject], what: str
) -> None:
    """A line a file, the sum, the first lines that did not land, and what to do next."""
    rows = [
        (load.source, *map(number, _counts([load]).values()), seconds(load.seconds))
        for load in loads
    ]
    counts = _counts(loads)
    if len(loads) > 1:
        rows.append(("total", *map(number, counts.values()), seconds(took)))
    print_table(("file", "lines", *COUNTED, "time"), rows)
    typer.echo()
    rate = f", {counts['lines'] / took:,.0f} a second" if took and counts["lines"] else ""
    typer.echo(f"{plural(counts['lines'], what)} in {seconds(took)}{rate}.")
    untimed = sum(load.untimed for load in loads)
    if untimed:
        typer.echo(
            f"{plural(untimed, 'statement tells', 'statements tell')} no time "
            "and got the time of loading."
        )
    if rejects:
        _print_rejects(rejects, counts["conflicts"] + counts["rejected"])
    typer.echo("Next: `dbt run` brings the reports up to date, `loader status` shows the whole.")


def _print_rejects(rejects: Sequence[StoredReject], count: int) -> None:
    typer.echo(f"{plural(count, 'line')} did not land and can be read, with the reason, in")
    typer.echo(
        "xapi.rejected_statements:"
        if count == len(rejects)
        else (f"xapi.rejected_statements. The first {len(rejects)}:")
    )
    for one in rejects:
        typer.echo(f"  {one.source}, line {one.line}: {one.reason} ({one.detail})")


def _counts(loads: Sequence[Load]) -> dict[str, int]:
    names = ("lines", *COUNTED)
    return {name: sum(getattr(load.counts, name) for load in loads) for name in names}
