"""`loader doctor`: whether everything is in place, and what to do where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loader.cli.outcome import FAILED, in_plain_words
from loader.cli.text import print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.doctor import Check


@in_plain_words("Nothing was changed.")
def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on one line.")
    ] = False,
) -> None:
    """Look whether everything is in place, and say what to do where it is not.

    One line a check: versions of the loader and its packages, dbt's profile, room for batches,
    the engine, the rights of its user, tables, their index and their windows for repeated
    inserts, the engine's room, memory and clock. Nothing is changed. Run it in the folder in
    which you run dbt.

    Exit code 1 if something has failed; a warning is none.

    \b
    Examples:
      loader doctor
      loader doctor --json | jq '.checks[] | select(.level != "ok")'
    """
    from loader.doctor import Level, examine
    from loader.settings import load_settings

    checks = examine(load_settings(), Path.cwd())
    is_well = all(check.level is not Level.FAILED for check in checks)
    if as_json:
        print_json({"ok": is_well, "checks": [check.as_object() for check in checks]})
    else:
        _print(checks)
    if not is_well:
        raise typer.Exit(FAILED)


def _print(checks: Sequence[Check]) -> None:
    width = max(len(check.name) for check in checks)
    for check in checks:
        remedy = f": {check.remedy}" if check.remedy else ""
        typer.echo(f"{check.level.value:7}  {check.name:{width}}  {check.found}{remedy}")
