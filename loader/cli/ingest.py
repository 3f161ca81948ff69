"""`loader ingest`: files in, verdicts out."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from loader.cli.dry_run import foresee_sources
from loader.cli.outcome import in_plain_words
from loader.cli.prepare import prepare
from loader.cli.progress import display
from loader.cli.summary import as_object, end, gather, print_summary
from loader.cli.text import print_json
from loader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clickhouse_connect.driver.client import Client

    from loader.checkers import Checkers
    from loader.cli.progress import Display
    from loader.loads import Load
    from loader.reading import PassedOver, Reading, Source
    from loader.settings import Settings

SHOWN_REJECTS = 5


@in_plain_words("What has landed stays; the same command again finds it and goes on.")
def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files, folders, globs in quotes, addresses (s3://, gs://, az://, http(s)://, "
            "swift://, sftp://), or - for standard input.",
        ),
    ],
    table: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The files are dumps of this table: course_overviews, course_blocks, "
            "user_profile, external_id, tag, taxonomy, object_tag or course_grants.",
        ),
    ] = None,
    format_: Annotated[
        Literal["auto", "lines", "json", "csv", "parquet"],
        typer.Option("--format", help="What the content is, whatever it looks like."),
    ] = "auto",
    validation: Annotated[
        Literal["envelope", "strict"],
        typer.Option(
            help="Which statements land: those with what the reports need, or valid ones."
        ),
    ] = "envelope",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would become of every line; write nothing."),
    ] = False,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", help="Go on landing what comes: new files, and new lines of files."
        ),
    ] = False,
    interval: Annotated[
        float,
        typer.Option(min=0.01, metavar="SECONDS", help="With --follow: look again after so long."),
    ] = 1.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the counts as one JSON object on one line.")
    ] = False,
) -> None:
    """Land xAPI statements, or dumps of course and user tables, in the warehouse.

    What a file is, is found out from its content: statements one a line; JSON values (one, an
    array, several, the pages of an LRS: {"statements": [...]}); CSV or Parquet with a column of
    statements, as Ralph and Aspects export them; log messages (GELF) around any of these. It
    may be compressed with gzip, zstd, bzip2 or xz, or be in a zip or tar archive. Of a folder,
    all files that may hold statements. Their text lands unchanged, and every line gets its
    verdict:

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
    object a row. Rows with a broken id or number are rejected. A dump of course_grants says who
    may see which course, and replaces the former one whole (docs/access.md).

    The first file that cannot be read ends the command; what was loaded before it stays.

    With --dry-run, every line gets the verdict that it would get, compared with what is in the
    warehouse, and nothing is written: no statement, no reject, no table. Meanwhile it takes as
    much room in the temporary folder as the statements are large.

    With --follow, files and folders of this machine are looked at again and again: lines land
    as soon as they are whole, other files when they no longer change, until Ctrl-C. A file may
    be renamed, cut off or replaced meanwhile, as logs are.

    \b
    Examples:
      loader ingest statements.jsonl
      loader ingest exports/ 'archive/2026-*/*.json.gz' dump.zip
      loader ingest xapi_events_all.parquet xapi_events_all.csv.zst
      loader ingest s3://bucket/xapi/ https://lrs.example/export.jsonl.gz
      zcat statements.jsonl.gz | loader ingest -
      loader ingest --dry-run exports/
      loader ingest --validation strict statements.jsonl
      loader ingest --table course_blocks course_blocks.csv
      loader ingest --table course_grants grants.csv
      loader ingest --follow /var/log/lms/xapi/
      loader ingest --json statements.jsonl | jq .rejected
    """
    from loader.checkers import checkers
    from loader.engine import connect
    from loader.loads import first_rejects
    from loader.reading import Format, Reading, find_sources, refuse_tables
    from loader.settings import load_settings

    strict = validation == "strict"
    if table:
        _refuse_with(table, {"--validation": strict, "--follow": follow})
    if follow and dry_run:
        raise UsageError("--follow goes on landing what comes, and --dry-run lands nothing.")
    settings = load_settings()
    reading = Reading(None if format_ == "auto" else Format(format_), settings.limits)
    if follow:
        _follow(paths, settings, reading, interval, strict, as_json)
        return
    sources = find_sources(paths, table=table)
    if table:
        _refuse_several(sources, table)
    else:
        refuse_tables(sources, reading)
    with ExitStack() as stack:
        workers = stack.enter_context(checkers())
        if dry_run:
            foresee_sources(settings, sources, workers, table, reading, strict, as_json)
            return
        client = connect(settings)
        prepare(client, settings)
        bars = stack.enter_context(display())
        if table:
            results = _dumps(client, sources, table, reading, bars)
        else:
            results = _statements(client, settings, sources, workers, reading, bars, strict)
        outcome = gather(results)
    if as_json:
        print_json(as_object(outcome))
    elif outcome.loads or outcome.passed_over:
        rejects = first_rejects(client, outcome.loads, SHOWN_REJECTS)
        print_summary(outcome, rejects, what="row" if table else "statement")
    end(outcome)


def _refuse_with(table: str, options: dict[str, bool]) -> None:
    """Raises UsageError for a table that is not there, or an option that is not for tables."""
    from loader.schema import DUMP_COLUMNS

    if table not in DUMP_COLUMNS:
        raise UsageError(f"There is no table {table}: --table is one of {', '.join(DUMP_COLUMNS)}.")
    for option, is_given in options.items():
        if is_given:
            raise UsageError(f"{option} is for statements, not for the rows of a --table.")


def _refuse_several(sources: Sequence[Source], table: str) -> None:
    """Raises UsageError for several files of which the last would take the others' place."""
    from loader.schema.access import COURSE_GRANTS

    if table == COURSE_GRANTS.name and len(sources) > 1:
        raise UsageError(
            f"These are {len(sources)} files, and a dump of {table} replaces the former one whole: "
            "name one file that has all grants."
        )


def _follow(
    paths: list[str],
    settings: Settings,
    reading: Reading,
    interval: float,
    strict: bool,
    as_json: bool,
) -> None:
    from loader.checkers import checkers
    from loader.cli.follow import follow_paths
    from loader.engine import connect

    with checkers() as workers:
        client = connect(settings)
        prepare(client, settings)
        clients = [client, connect(settings)]
        follow_paths(clients, paths, workers, reading, interval, strict, as_json)


def _statements(
    client: Client,
    settings: Settings,
    sources: Sequence[Source],
    workers: Checkers,
    reading: Reading,
    bars: Display,
    strict: bool,
) -> Iterator[Load | PassedOver]:
    from loader.engine import connect
    from loader.ingestion import CONNECTIONS, ingest

    clients = [client, *(connect(settings) for _ in range(CONNECTIONS - 1))]
    return ingest(clients, sources, workers, reading, bars.start, strict=strict, tell=bars.say)


def _dumps(
    client: Client, sources: Sequence[Source], table: str, reading: Reading, bars: Display
) -> Iterator[Load | PassedOver]:
    from loader.dumps import ingest_dump

    for source in sources:
        progress = bars.start(source.name, source.size)
        yield ingest_dump(client, source, table, progress, reading, bars.say)
