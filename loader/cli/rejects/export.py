"""`loader rejects export`: the lines themselves, to be mended by hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.rejects.options import AsJson, Ids, Loads, Reasons, Since, Sources, wanted_of
from loader.cli.text import plural, print_json
from loader.errors import UsageError

STDOUT = "-"


@in_plain_words("The file has not been written.")
def export(
    ids: Ids = None,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE|-", help="Where to; - is standard output."),
    ] = STDOUT,
    reason: Reasons = None,
    source: Sources = None,
    load: Loads = None,
    since: Since = None,
    as_json: AsJson = False,
) -> None:
    """Write lines that could not land into a file, one a line, as they came.

    An end of line within a text becomes a blank. Beside FILE, FILE.rejects says which line is
    which: mend the lines in place, leave empty those that you do not want, and bring them back
    with `loader rejects retry --fixed FILE`. Of statements that were too large only the
    beginning is there.

    \b
    Examples:
      loader rejects export --reason invalid_json
      loader rejects export -o mend.jsonl --reason id_conflict --since 2026-11-01
      loader rejects export -o mend.jsonl 3f2a9c01 77d0aa12
    """
    from loader.engine import connect
    from loader.rejects import export_rejects
    from loader.rejects.export import write_rejects
    from loader.schema import require_current
    from loader.settings import load_settings

    wanted = wanted_of(ids, reason, source, load, since)
    if output == STDOUT and as_json:
        raise UsageError("--json and the lines cannot both go to standard output: name a FILE.")
    client = connect(load_settings())
    require_current(client)
    if output == STDOUT:
        count = write_rejects(client, wanted, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        typer.echo(f"{plural(count, 'line')} written.", err=True)
        return
    count = export_rejects(client, wanted, Path(output))
    if as_json:
        print_json({"file": output, "ids": f"{output}.rejects", "lines": count})
        return
    typer.echo(f"{plural(count, 'line')} written to {output}.")
    if count:
        typer.echo(f"Next: mend them there, then `loader rejects retry --fixed {output}`.")
