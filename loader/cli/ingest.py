"""`loader ingest`: files in, verdicts out."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from loader.cli.outcome import WITH_REJECTS, in_plain_words, report
from loader.cli.progress import display
from loader.cli.summary import as_object, print_summary
from loader.cli.text import print_json
from loader.errors import LoaderError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from clickhouse_connect.driver.client import Client

    from loader.checkers import Checkers
    from loader.loads import Load, Progress
    from loader.reading import Source
    from loader.settings import Settings

SHOWN_REJECTS = 5


@in_plain_words("What has landed stays; the same command again finds it and goes on.")
def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="Files, folders, globs in quotes, or - for standard input."
        ),
    ],
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The files are dumps of this event-sink table: course_overviews, "
            "course_blocks, user_profile, external_id, tag, taxonomy or object_tag.",
        ),
    ] = None,
    validation: Annotated[
        Literal["envelope", "strict"],
        typer.Option(
            help="Which statements land: those with what the reports need, or valid ones."
        ),
    ] = "envelope",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the counts as one JSON object on one line.")
    ] = False,
) -> None:
    """Land xAPI statements, or dumps of course and user tables, in the warehouse.

    Statements: .jsonl or .ndjson (one a line), .json (one, an array, or the pages of an LRS:
    {"statements": [...]}), plain or compressed with gzip or zstd. Of a folder, all such files
    in it. Their text lands unchanged, and every line gets its verdict:

    \b
      landed      it is in the warehouse now
      duplicate   it was there before, with the same id and content: nothing to do
      conflict    its id was there before with other content: the first one stays
      rejected    it is no xAPI statement; the reason is kept with it

    Conflicts and rejected lines are kept, verbatim, in xapi.rejected_statements. A file can be
    loaded again at any time, also after a failure: what is there already is a duplicate.

    What is checked is the envelope: id, actor, verb, object and timestamp. Real platforms send
    statements that the specification does not allow, and reports can be made of them. With
    --validation strict such statements are rejected, as violates_specification; `loader
    validate --strict` shows beforehand which ones.

    With --table, the files are dumps as Open edX sends them: CSV, with a header (columns in any
    order, missing ones stay empty) or without one (all columns in their order), or JSON, one
    object a row. Rows with a broken id or number are rejected.

    The first file that cannot be read ends the command; what was loaded before it stays.

    \b
    Examples:
      loader ingest statements.jsonl
      loader ingest exports/ 'archive/2026-*/*.json.gz'
      zcat statements.jsonl.gz | loader ingest -
      loader ingest --validation strict statements.jsonl
      loader ingest --table course_blocks course_blocks.csv
      loader ingest --json statements.jsonl | jq .rejected
    """
    from loader.checkers import checkers
    from loader.engine import connect
    from loader.loads import first_rejects
    from loader.reading import find_sources
    from loader.settings import load_settings

    if table:
        _refuse_unknown(table)
        if validation == "strict":
            raise UsageError("--validation is for statements, not for the rows of a --table.")
    settings = load_settings()
    sources = find_sources(paths, table=table)
    loads: list[Load] = []
    failure: LoaderError | None = None
    with ExitStack() as stack:
        workers = stack.enter_context(checkers())
        if not table:
            workers.start(sources)
        client = connect(settings)
        _prepare(client, settings)
        started = time.perf_counter()
        bars = stack.enter_context(display())
        land = (
            _dumps(client, table)
            if table
            else _statements(client, settings, workers, validation == "strict")
        )
        try:
            for source in sources:
                loads.append(land(source, bars.start(source.name, source.size)))  # noqa: PERF401
        except LoaderError as error:
            failure = error
    took = time.perf_counter() - started
    if as_json:
        print_json(as_object(loads, took) | ({"error": str(failure)} if failure else {}))
    elif loads:
        rejects = first_rejects(client, loads, SHOWN_REJECTS)
        print_summary(loads, took, rejects, what="row" if table else "statement")
    if failure:
        raise typer.Exit(report(failure))
    if any(load.counts.rejected or load.counts.conflicts for load in loads):
        raise typer.Exit(WITH_REJECTS)


def _refuse_unknown(table: str) -> None:
    from loader.schema import EVENT_SINKS

    if table not in EVENT_SINKS:
        raise UsageError(f"There is no table {table}: --table is one of {', '.join(EVENT_SINKS)}.")


def _prepare(client: Client, settings: Settings) -> None:
    from loader.schema import initialise, is_current

    if not is_current(client):
        initialise(client, settings)
        typer.echo(f"Made the warehouse's tables ({settings.place}).", err=True)


def _statements(
    client: Client, settings: Settings, workers: Checkers, strict: bool
) -> Callable[[Source, Progress], Load]:
    from loader.engine import connect
    from loader.ingest import ingest_source

    clients = [client, connect(settings)]
    return lambda source, progress: ingest_source(clients, source, workers, progress, strict=strict)


def _dumps(client: Client, table: str) -> Callable[[Source, Progress], Load]:
    from loader.dumps import ingest_dump

    return lambda source, progress: ingest_dump(client, source, table, progress)
