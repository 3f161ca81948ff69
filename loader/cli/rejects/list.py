"""`loader rejects list`: how many for which reason, and which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.rejects.options import AsJson, Ids, Loads, Reasons, Since, Sources, wanted_of
from loader.cli.text import iso, number, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.rejects import Reject, Summary

SHOWN_DIGITS = 8


@in_plain_words()
def list_(
    ids: Ids = None,
    reason: Reasons = None,
    source: Sources = None,
    load: Loads = None,
    since: Since = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Also those that were resolved since.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=0, metavar="N", help="Show at most so many lines.")
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """List lines that could not land: how many for which reason, and which, the last ones first.

    Of several options of one kind any may hold, of different kinds all must. A TIME is a date or
    a date and time, in UTC.

    \b
    Examples:
      loader rejects list
      loader rejects list --reason id_conflict --since 2026-11-01
      loader rejects list --source exports/2026-11.jsonl.gz --limit 100
      loader rejects list --json --limit 0 | jq .reasons
    """
    from loader.engine import connect
    from loader.rejects import list_rejects, summary_of
    from loader.schema import require_current
    from loader.settings import load_settings

    wanted = wanted_of(ids, reason, source, load, since, all_)
    client = connect(load_settings())
    require_current(client)
    summaries = summary_of(client, wanted)
    found = list_rejects(client, wanted, limit) if limit else []
    if as_json:
        print_json(_as_object(summaries, found))
    else:
        _print(summaries, found)


def _as_object(summaries: Sequence[Summary], found: Sequence[Reject]) -> dict[str, Any]:
    return {
        "lines": sum(one.lines for one in summaries),
        "reasons": {one.reason: one.lines for one in summaries},
        "rejects": [reject_as_object(one) for one in found],
    }


def reject_as_object(one: Reject) -> dict[str, Any]:
    """A reject for `--json`."""
    return {
        "id": one.id,
        "received_at": iso(one.received_at),
        "load_id": str(one.load_id),
        "source": one.source,
        "line": one.line,
        "byte_offset": one.byte_offset,
        "reason": one.reason,
        "detail": one.detail,
        "bytes": one.size,
    }


def _print(summaries: Sequence[Summary], found: Sequence[Reject]) -> None:
    if not summaries:
        typer.echo("No line: everything has landed, or was resolved.")
        return
    rows = [
        (
            one.reason,
            number(one.lines),
            number(one.sources),
            f"{one.first_received_at:%Y-%m-%d %H:%M}",
            f"{one.last_received_at:%Y-%m-%d %H:%M}",
        )
        for one in summaries
    ]
    print_table(("reason", "lines", "sources", "first (UTC)", "last (UTC)"), rows)
    total = sum(one.lines for one in summaries)
    if found:
        shown = f"The last {number(len(found))} of {number(total)}" if len(found) < total else "All"
        typer.echo(f"\n{shown}:" if total > 1 else "")
    for one in found:
        typer.echo(f"  {one.id[:SHOWN_DIGITS]}  {one.place}: {one.reason} ({one.detail})")
    typer.echo(
        "\nNext: `loader rejects show ID` tells all about one, "
        "`loader rejects retry` lands what is good by now."
    )
