"""`loader rejects dismiss`: nothing will be done about them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.rejects.options import AsJson, Ids, Loads, Reasons, Since, Sources, wanted_of
from loader.cli.text import plural, print_json
from loader.errors import UsageError


@in_plain_words("Nothing was changed, or all of it.")
def dismiss(
    ids: Ids = None,
    reason: Reasons = None,
    source: Sources = None,
    load: Loads = None,
    since: Since = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take lines that could not land off the list: nothing will be done about them.

    So when a mended file was loaded again, or when a conflict was looked at and the first
    statement is right. They stay in xapi.rejected_statements, but are not listed, retried or
    counted in the reports any more. Without any choice, all are meant.

    \b
    Examples:
      loader rejects dismiss 3f2a9c01
      loader rejects dismiss --source exports/2026-11.jsonl.gz
      loader rejects dismiss --reason id_conflict --yes
    """
    from loader.engine import connect
    from loader.rejects import dismiss_rejects, summary_of
    from loader.schema import require_current
    from loader.settings import load_settings

    wanted = wanted_of(ids, reason, source, load, since)
    if not (yes or sys.stdin.isatty()):
        raise UsageError("Nobody is there to be asked: say --yes, or `loader rejects list` first.")
    client = connect(load_settings())
    require_current(client)
    count = sum(one.lines for one in summary_of(client, wanted))
    if count and not yes:
        typer.confirm(f"Dismiss {plural(count, 'line')}?", abort=True, err=True)
    dismissed = dismiss_rejects(client, wanted) if count else 0
    if as_json:
        print_json({"dismissed": dismissed})
    else:
        typer.echo(f"{plural(dismissed, 'line')} dismissed.")
