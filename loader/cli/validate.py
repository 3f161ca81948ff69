"""`loader validate`: files in, what is wrong with them out."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loader.cli.outcome import WITH_REJECTS, in_plain_words, report
from loader.cli.progress import display
from loader.cli.text import number, plural, print_json, print_table, seconds
from loader.errors import LoaderError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from loader.validation import Finding, Validation


@in_plain_words("Nothing was written.")
def validate(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files, folders, globs in quotes, addresses (s3://, https://, ...), or - for "
            "standard input.",
        ),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="Check the whole specification, xAPI 1.0.3 or 2.0.")
    ] = False,
    findings: Annotated[
        int, typer.Option("--findings", min=0, metavar="N", help="Show at most so many of a file.")
    ] = 10,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on one line.")
    ] = False,
) -> None:
    """Check xAPI statements without a warehouse: what is wrong, and where.

    Files are read as `loader ingest` reads them, and judged as it judges them: would each line
    land? Which ids are there before, only the warehouse knows.

    With --strict, statements are held against the complete data model of the specification:
    xAPI 1.0.3, or IEEE 9274.1.1 where a statement says version 2.0 or has what only 2.0 has.
    Each finding names path, rule and section. Real platforms send statements that are not
    valid in this sense, which `loader ingest` nevertheless lands unless it is told
    --validation strict.

    Exit code 3 tells that something was rejected.

    \b
    Examples:
      loader validate statements.jsonl
      loader validate --strict exports/ 'archive/2026-*/*.json.gz'
      zcat statements.jsonl.gz | loader validate --strict --findings 100 -
      loader validate --strict --json statements.jsonl | jq .reasons
    """
    from loader.checkers import checkers
    from loader.reading import Reading, find_sources, refuse_tables
    from loader.settings import load_settings
    from loader.validation import Request, Validation, validate_sources

    limits = load_settings().limits
    sources, reading = find_sources(paths), Reading(limits=limits)
    refuse_tables(sources, reading)
    request = Request(strict, findings, limits)
    found: list[Validation] = []
    failure: LoaderError | None = None
    started = time.perf_counter()
    with ExitStack() as stack:
        workers = stack.enter_context(checkers())
        show = stack.enter_context(display()).start
        try:
            for one in validate_sources(sources, workers, request, reading, show):
                if isinstance(one, Validation):
                    found.append(one)  # noqa: PERF401  # what was found before a failure counts
        except LoaderError as error:
            failure = error
    took = time.perf_counter() - started
    if as_json:
        print_json(_as_object(found, took) | ({"error": str(failure)} if failure else {}))
    elif found:
        _print(found, took, strict)
    if failure:
        raise typer.Exit(report(failure))
    if any(one.rejected for one in found):
        raise typer.Exit(WITH_REJECTS)


COUNTED = ("lines", "valid", "rejected")
_WOULD_NOT_LAND = ("line would not land", "lines would not land")


def _counts(found: Sequence[Validation]) -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in found) for name in COUNTED}


def _reasons(found: Sequence[Validation]) -> Counter[str]:
    from collections import Counter

    return sum((one.reasons for one in found), Counter())


def _as_object(found: Sequence[Validation], took: float) -> dict[str, Any]:
    """The counts of a call and of each of its files, with findings."""
    files = [
        {"file": one.source}
        | _counts([one])
        | {
            "reasons": dict(one.reasons.most_common()),
            "seconds": round(one.seconds, 3),
            "findings": [asdict(finding) for finding in one.findings],
        }
        for one in found
    ]
    reasons = dict(_reasons(found).most_common())
    return _counts(found) | {"reasons": reasons, "seconds": round(took, 3), "files": files}


def _print(found: Sequence[Validation], took: float, strict: bool) -> None:
    rows = [
        (one.source, *map(number, _counts([one]).values()), seconds(one.seconds)) for one in found
    ]
    counts = _counts(found)
    if len(found) > 1:
        rows.append(("total", *map(number, counts.values()), seconds(took)))
    print_table(("file", *COUNTED, "time"), rows)
    typer.echo()
    rate = f", {counts['lines'] / took:,.0f} a second" if took and counts["lines"] else ""
    typer.echo(f"{plural(counts['lines'], 'statement')} in {seconds(took)}{rate}.")
    if counts["rejected"]:
        few, many = ("line is not valid", "lines are not valid") if strict else _WOULD_NOT_LAND
        typer.echo(f"{plural(counts['rejected'], few, many)}:")
        reasons = _reasons(found).most_common()
        width = max(len(number(count)) for _, count in reasons)
        for reason, count in reasons:
            typer.echo(f"  {number(count):>{width}}  {reason}")
    for one in found:
        if one.findings:
            first = "The first of" if one.rejected > len(one.findings) else "In"
            typer.echo(f"{first} {one.source}:")
        for finding in one.findings:
            typer.echo(f"  {_spelled(finding)}")


def _spelled(finding: Finding) -> str:
    """line 12, actor.mbox: not an e-mail address (mbox; xAPI 1.0.3 part 2, 2.4.2.3)"""
    place = f"line {finding.line}"
    if finding.column is not None:
        place += f", column {finding.column}"
    if finding.path:
        place += f", {finding.path}"
    rule = f"{finding.reason}; {finding.section}" if finding.section else finding.reason
    return f"{place}: {finding.message} ({rule})"
