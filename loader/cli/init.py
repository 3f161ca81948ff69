"""`loader init`: make the warehouse."""

from __future__ import annotations

from typing import Annotated

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.text import print_json


@in_plain_words("Run `loader init` again: it continues.")
def init(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on one line.")
    ] = False,
) -> None:
    """Make the warehouse's databases and tables, or bring them up to date.

    Nothing that is there is changed, so it can be run at any time. `loader ingest` does it
    by itself when it is needed.

    \b
    Examples:
      loader init
      WAREHOUSE_TARGET=server CLICKHOUSE_HOST=ch.example.org loader init
    """
    from loader.engine import connect
    from loader.schema import initialise
    from loader.settings import load_settings

    settings = load_settings()
    done = initialise(connect(settings), settings)
    if as_json:
        print_json({"warehouse": settings.place, "made": done})
        return
    typer.echo(f"Warehouse: {settings.place}")
    for step in done:
        typer.echo(f"  made {step}")
    if not done:
        typer.echo("  is up to date, nothing to do")
    typer.echo("Next: `loader ingest FILE` (or `loader generate demo` for something to load).")
