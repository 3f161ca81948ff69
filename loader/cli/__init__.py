"""The command `loader`: every command is a few lines over a function of the library.

Only what prints the help is imported here. Worker processes import this module again
(they are spawned), and `--help` must not wait for an engine.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import Annotated

import typer

from loader.cli.access import access
from loader.cli.completion import VARIABLE, completion
from loader.cli.doctor import doctor
from loader.cli.export import export
from loader.cli.forget import forget
from loader.cli.generate import generate
from loader.cli.ingest import ingest
from loader.cli.init import init
from loader.cli.outcome import Debugging
from loader.cli.pull import pull
from loader.cli.rejects import rejects
from loader.cli.status import status
from loader.cli.superset import superset
from loader.cli.validate import validate

app = typer.Typer(
    name="loader",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(short_help="Make the warehouse, or bring it up to date.")(init)
app.command(short_help="Land statements, or dumps of courses and users.")(ingest)
app.command(short_help="Land what an LRS has stored since the last pull.")(pull)
app.command(short_help="Say what is wrong with statements; needs no warehouse.")(validate)
app.command(short_help="Show what is in the warehouse and what to do next.")(status)
app.add_typer(rejects, name="rejects", short_help="See to lines that could not land.")
app.add_typer(
    access, name="access", short_help="Say who may see what, and make servers keep to it."
)
app.command(short_help="Look whether everything is in place; say what to do.")(doctor)
app.command(short_help="Write statements into a file, as they landed.")(export)
app.command(short_help="Remove all that there is of a learner, and prove it.")(forget)
app.command(short_help="Write a made-up platform to try things with.")(generate)
app.command(short_help="Let the shell complete commands and options.")(completion)

app.add_typer(superset, name="superset", short_help="Bring the dashboards to Apache Superset.")


def _print_version(asked: bool) -> None:
    if asked:
        from loader import __version__

        typer.echo(f"loader {__version__}")
        raise typer.Exit


@app.callback()
def loader(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the stack trace of an error.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Land xAPI statements in ClickHouse, unchanged, and say what became of every line.

    \b
    A first look, from nothing:
      loader generate demo --statements 10000
      loader ingest demo
      dbt run
      loader status

    The warehouse is a folder of this machine (.warehouse) unless the environment or a .env
    file says otherwise: WAREHOUSE_TARGET (embedded, server or cluster), WAREHOUSE_PATH,
    CLICKHOUSE_HOST, CLICKHOUSE_PORT, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD,
    CLICKHOUSE_SECURE, CLICKHOUSE_CLUSTER.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but some lines were rejected or in
    conflict, 130 stopped with Ctrl-C.
    """
    Debugging.wanted = debug
    if not debug:
        # Packages log the stack traces of failures that become a sentence here.
        logging.getLogger().addHandler(logging.NullHandler())


def main() -> None:
    """Run the command line; the process's exit code is the answer."""
    if VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        os.environ["COLUMNS"] = "1000"  # a help text is on one line then, as shells expect it
        completion_init()
    try:
        app(prog_name="loader")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # looking for cycles once more, at the end, would take a tenth of a second
