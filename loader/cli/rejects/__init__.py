"""`loader rejects`: what could not land, and what to do with it."""

from __future__ import annotations

import typer

from loader.cli.rejects.dismiss import dismiss
from loader.cli.rejects.export import export
from loader.cli.rejects.list import list_
from loader.cli.rejects.retry import retry
from loader.cli.rejects.show import show

rejects = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
rejects.command("list", short_help="List them: how many for which reason, and which.")(list_)
rejects.command(short_help="Show one: its text, where it stood, why, and what to do.")(show)
rejects.command(short_help="Write them into a file, verbatim, to be mended by hand.")(export)
rejects.command(short_help="Land those that are good by now, or mended ones.")(retry)
rejects.command(short_help="Take them off the list: nothing will be done about them.")(dismiss)


@rejects.callback()
def _rejects() -> None:
    """See to lines that could not land: rejected ones and conflicts.

    Every line that did not land is kept as it came, with file, line, byte and reason, in
    xapi.rejected_statements. It stays there also when it is resolved: when its text has landed
    by a retry, when a mended one has, or when somebody has dismissed it. Resolved ones are
    neither listed nor counted in the reports any more.

    \b
    Examples:
      loader rejects list
      loader rejects show 3f2a9c01
      loader rejects retry --reason violates_specification
      loader rejects export -o mend.jsonl --reason invalid_json
      loader rejects retry --fixed mend.jsonl
    """
