"""`loader export`: statements back out, as they landed."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.progress import display
from loader.cli.text import plural, print_json, seconds
from loader.cli.times import moment_of
from loader.errors import UsageError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from loader.exporting import Exported, Selection
    from loader.progress import Progress

STDOUT = "-"


@in_plain_words("The file has not been written.")
def export(
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE|-", help="Where to; - is standard output, as lines."
        ),
    ],
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="What happened then or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="What happened before it.")
    ] = None,
    course: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Statements of this course; can be repeated."),
    ] = None,
    verb: Annotated[
        list[str] | None,
        typer.Option(metavar="VERB", help="With this verb: its IRI, or its name in xapi.verbs."),
    ] = None,
    actor: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="By this learner: the actor_id of the reports."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was written as one JSON object.")
    ] = False,
) -> None:
    """Write statements into a file, as they landed, in the order in which things happened.

    The name of FILE says how: .jsonl (one statement a line; an end of line within a statement
    becomes a blank) or .parquet (event_id, emission_time and event, as Ralph and Open edX Aspects
    have them). After .jsonl, .gz, .zst, .bz2 or .xz compresses. `loader ingest` reads all of these.

    Of several options of one kind any may hold, of different kinds all must. All that landed is
    there, also what was voided and what no report shows; of an id, what landed first. No `dbt run`
    is needed. A TIME is a date or a date and time, in UTC.

    A file takes its name when it is complete: what stood there before is replaced only then.

    \b
    Examples:
      loader export -o all.jsonl.zst
      loader export -o october.parquet --since 2026-10-01 --until 2026-11-01
      loader export -o - --course course-v1:Org+Demo+1 --verb passed | jq .result.score
      loader export -o learner.jsonl --actor 5509c57e-4e7b-4119-8dd9-8633f6595fa2
    """
    from loader.engine import connect
    from loader.exporting import Selection, kind_of
    from loader.schema import require_current
    from loader.settings import load_settings

    settings = load_settings()
    selection = Selection(
        moment_of("--since", since),
        moment_of("--until", until),
        tuple(course or ()),
        tuple(verb or ()),
        tuple(actor or ()),
    )
    if selection.since and selection.until and selection.since >= selection.until:
        raise UsageError("--since is not before --until: there is nothing between them.")
    if output == STDOUT and as_json:
        raise UsageError(
            "--json and the statements cannot both go to standard output: name a FILE."
        )
    if output != STDOUT:
        kind_of(Path(output))
    client = connect(settings)
    require_current(client)
    started = time.perf_counter()
    with display() as bars:
        done = _written(client, selection, output, bars.start(output, None))
    took = time.perf_counter() - started
    if as_json:
        told = {"file": output, "statements": done.statements, "bytes": done.bytes}
        print_json(told | {"seconds": round(took, 3)})
    else:
        what = plural(done.statements, "statement")
        typer.echo(f"{what} written to {output} in {seconds(took)}.", err=output == STDOUT)


def _written(client: Client, selection: Selection, output: str, progress: Progress) -> Exported:
    from loader.exporting import export_to_file, export_to_stream

    if output == STDOUT:
        return export_to_stream(client, selection, sys.stdout.buffer, progress=progress)
    return export_to_file(client, selection, Path(output), progress)
