"""`loader generate`: something to load."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.progress import display
from loader.cli.text import number, plural, print_json, print_table, seconds
from loader.errors import UsageError

if TYPE_CHECKING:
    import datetime

    from loader.generate import GeneratedFiles, GeneratorOptions


@in_plain_words("The files written so far are not complete.")
def generate(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder to write to; made if it is missing.")
    ],
    statements: Annotated[
        int, typer.Option(min=1, metavar="N", help="Distinct good statements.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="Another seed, another platform.")] = 1,
    learners: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="As suits the statements.")
    ] = None,
    courses: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="As suits the statements.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, metavar="N", help="Length of the period.")] = 120,
    until: Annotated[
        str,
        typer.Option(
            metavar="DATE|today", help="Last day of the period; today: the last day over."
        ),
    ] = "2026-10-31",
    compress: Annotated[
        Literal["gzip", "zstd"] | None,
        typer.Option(help="Compress the statements: statements.jsonl.gz or .zst."),
    ] = None,
    duplicates: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Lines that come twice.")
    ] = 0.0,
    late: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Statements days too late.")
    ] = 0.0,
    shuffled: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Lines out of order.")
    ] = 0.0,
    voided: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Statements voided by another.")
    ] = 0.0,
    malformed: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Broken lines, of many kinds.")
    ] = 0.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on one line.")
    ] = False,
) -> None:
    """Write a made-up but believable teaching platform: statements and its dumps.

    OUT gets statements.jsonl and, with headers, course_overviews.csv, course_blocks.csv,
    user_profile.csv, external_id.csv, tag.csv, taxonomy.csv and object_tag.csv. Equal
    options give equal files. A SHARE is of the statements, from 0 to 1.

    \b
    Examples:
      loader generate demo
      loader generate demo --statements 1000000 --until today --compress zstd
      loader generate odd --seed 7 --duplicates 0.02 --late 0.05 --malformed 0.01
    """
    from loader.generate import GeneratorOptions
    from loader.generate import generate as write

    try:
        options = GeneratorOptions(
            statements=statements,
            seed=seed,
            learners=learners,
            courses=courses,
            days=days,
            until=_day(until),
            compress=compress,
            duplicates=duplicates,
            late=late,
            shuffled=shuffled,
            voided=voided,
            malformed=malformed,
        )
    except ValueError as error:
        raise UsageError(f"{error}.") from None
    started = time.perf_counter()
    with display() as bars:
        show = bars.start(f"{out}", options.statements)
        files = write(out, options, lambda made: show(made, made))
    took = time.perf_counter() - started
    if as_json:
        print_json(
            files.counts()
            | {"seconds": round(took, 3), "files": [str(path) for path in files.paths]}
        )
    else:
        _print(files, options, took)


def _day(text: str) -> datetime.date:
    import datetime

    if text == "today":
        # Statements of a day that is not over would lie in the future.
        return datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--until takes a date as 2026-10-31, or today, not {text}.") from None


def _print(files: GeneratedFiles, options: GeneratorOptions, took: float) -> None:
    typer.echo(
        f"{plural(files.lines, 'line')} by {plural(files.learners, 'learner')} in "
        f"{plural(files.courses, 'course')}, {options.first_day} to {options.until}, "
        f"written in {seconds(took)}."
    )
    print_table(
        ("file", "bytes"),
        [(str(path), number(path.stat().st_size)) for path in files.paths],
        indent="  ",
    )
    counts = files.counts()
    odd = [
        f"{number(counts[name])} {name}"
        for name in ("duplicates", "late", "shuffled", "voided", "malformed")
        if counts[name]
    ]
    if odd:
        typer.echo(f"  among them: {', '.join(odd)}")
    typer.echo("Next:")
    typer.echo(f"  loader ingest {files.statements_path}")
    for path in files.dump_paths:
        typer.echo(f"  loader ingest --table {path.stem} {path}")
    typer.echo("  dbt run")
