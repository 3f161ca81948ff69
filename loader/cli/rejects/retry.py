"""`loader rejects retry`: land what is good by now."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from loader.cli.outcome import WITH_REJECTS, in_plain_words
from loader.cli.progress import display
from loader.cli.rejects.options import AsJson, Ids, Loads, Reasons, Since, Sources, wanted_of
from loader.cli.summary import print_next
from loader.cli.text import number, plural, print_json
from loader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loader.rejects import Fixed, Retried

SHOWN_BROKEN = 5


@in_plain_words("What has landed stays; the same command again goes on.")
def retry(
    ids: Ids = None,
    fixed: Annotated[
        Path | None,
        typer.Option(
            "--fixed", metavar="FILE", help="Land these lines instead: an export that was mended."
        ),
    ] = None,
    reason: Reasons = None,
    source: Sources = None,
    load: Loads = None,
    since: Since = None,
    validation: Annotated[
        Literal["envelope", "strict"],
        typer.Option(help="Which statements land: those with what reports need, or valid ones."),
    ] = "envelope",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would land, change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge lines that could not land once more, and land what is good by now.

    That is of use when something has changed: the loader, the limits (WAREHOUSE_MAX_NESTING), or
    the rules (--validation). What lands is a load of its own, for each file under its name, and
    is resolved: it is not offered again. A conflict remains one as long as the other statement
    is there; what still cannot land stays as it is and can be tried at any time.

    With --fixed, the lines of a file that `loader rejects export` wrote and you have mended. Each
    replaces the one that stood there; what still cannot land is told, to be mended further.

    Exit code 3 tells that some still cannot land.

    \b
    Examples:
      loader rejects retry --dry-run
      loader rejects retry --reason violates_specification
      loader rejects retry --source exports/2026-11.jsonl.gz
      loader rejects retry --fixed mend.jsonl
      loader rejects retry --json | jq .remaining
    """
    from loader.checkers import checkers
    from loader.engine import connect
    from loader.rejects import retry_fixed, retry_rejects
    from loader.rejects.selection import sources_of
    from loader.schema import require_current
    from loader.settings import load_settings

    wanted = wanted_of(ids, reason, source, load, since)
    if fixed and (ids or reason or source or load or since):
        raise UsageError("--fixed says itself which lines are meant: leave out the others.")
    if fixed and not fixed.is_file():
        raise UsageError(f"There is no file {fixed}.")
    settings = load_settings()
    strict = validation == "strict"
    with ExitStack() as stack:
        workers = stack.enter_context(checkers())
        clients = [connect(settings), connect(settings)]
        require_current(clients[0])
        if fixed:
            mended = retry_fixed(
                clients, workers, fixed, settings.limits, strict=strict, dry_run=dry_run
            )
            told = _fixed_as_object(mended)
        else:
            total = sum(count for _, count in sources_of(clients[0], wanted))
            show = stack.enter_context(display(unit="lines")).start("trying again", total)
            tried = retry_rejects(
                clients, workers, wanted, settings.limits, show, strict=strict, dry_run=dry_run
            )
            told = _as_object(tried)
    if as_json:
        print_json(told | {"dry_run": dry_run})
    elif fixed:
        _print_fixed(mended, fixed, dry_run)
    else:
        _print(tried, dry_run)
    if told["remaining"]:
        raise typer.Exit(WITH_REJECTS)


def _as_object(done: Retried) -> dict[str, Any]:
    return {
        "tried": done.tried,
        "resolved": done.resolved,
        "landed": done.landed,
        "duplicates": done.duplicates,
        "remaining": dict(done.remaining.most_common()),
        "loads": [str(load.load_id) for load in done.loads],
    }


def _fixed_as_object(done: Fixed) -> dict[str, Any]:
    return {
        "replaced": done.replaced,
        "landed": done.landed,
        "duplicates": done.duplicates,
        "left": done.left,
        "resolved_before": done.resolved_before,
        "remaining": [vars(one) for one in done.broken],
        "loads": [str(load.load_id) for load in done.loads],
    }


def _print(done: Retried, dry_run: bool) -> None:
    if not done.tried:
        typer.echo("There is nothing to try: no such line is unresolved.")
        return
    are = "would be" if dry_run else "is" if done.resolved == 1 else "are"
    typer.echo(
        f"{plural(done.tried, 'line')} tried again: {number(done.resolved)} {are} resolved, "
        f"{number(done.tried - done.resolved)} still cannot land."
    )
    _print_statements(done.landed, done.duplicates, dry_run)
    if done.remaining:
        typer.echo(f"Still: {_counted(done.remaining)}.")
    _print_next(done.resolved > 0 and not dry_run, bool(done.remaining))


def _print_fixed(done: Fixed, path: Path, dry_run: bool) -> None:
    is_there = "would be" if dry_run else "is" if done.replaced == 1 else "are"
    typer.echo(f"{plural(done.replaced, 'mended line')} {is_there} in the warehouse.")
    _print_statements(done.landed, done.duplicates, dry_run)
    if done.left:
        typer.echo(f"{plural(done.left, 'line is', 'lines are')} empty: left as before.")
    if done.resolved_before:
        typer.echo(f"{number(done.resolved_before)} had been resolved before.")
    for one in done.broken[:SHOWN_BROKEN]:
        typer.echo(f"  {path}, line {one.line}: {one.reason} ({one.detail})")
    if len(done.broken) > SHOWN_BROKEN:
        typer.echo(f"  and {number(len(done.broken) - SHOWN_BROKEN)} more")
    if done.broken:
        typer.echo(f"Next: mend these, and `loader rejects retry --fixed {path}` once more.")
    elif done.replaced and not dry_run:
        print_next()


def _print_statements(landed: int, duplicates: int, dry_run: bool) -> None:
    if landed or duplicates:
        verb = "would land" if dry_run else "landed"
        there = f", {number(duplicates)} were there already" if duplicates else ""
        typer.echo(f"{plural(landed, 'statement')} {verb}{there}.")


def _print_next(has_landed: bool, remain: bool) -> None:
    if has_landed:
        print_next()
    elif remain:
        typer.echo("Next: `loader rejects export -o FILE` writes them into a file to be mended.")


def _counted(reasons: Mapping[str, int]) -> str:
    found = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{number(count)} {reason}" for reason, count in found)
