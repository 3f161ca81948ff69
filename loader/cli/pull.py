"""`loader pull`: statements from an LRS, from where the last pull got to."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loader.cli.outcome import WITH_REJECTS, in_plain_words, report
from loader.cli.prepare import prepare
from loader.cli.progress import display
from loader.cli.summary import Outcome, counts_of, gather, print_summary
from loader.cli.text import print_json
from loader.cli.times import duration_of, moment_of
from loader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from loader.loads import Load
    from loader.pull import Credentials, Lrs

SHOWN_REJECTS = 5


@in_plain_words("What has landed stays; the same command goes on from there.")
def pull(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="The LRS's endpoint: https://lrs.example.org/xapi")
    ],
    user: Annotated[
        str,
        typer.Option(metavar="NAME", help="Instead of LRS_USER; the password is asked for."),
    ] = "",
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="What was stored after it, whatever was pulled before."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Nothing that was stored after it.")
    ] = None,
    overlap: Annotated[
        str,
        typer.Option(
            metavar="DURATION",
            help="How far to go back behind the last pull, for statements that showed up late.",
        ),
    ] = "10m",
    page_size: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Statements a page; by default the LRS decides."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on one line.")
    ] = False,
) -> None:
    """Land what an LRS has stored since the last pull.

    Any LRS will do that answers GET statements as the specification says, xAPI 1.0.3 or 2.0:
    Ralph, SQL LRS, Learning Locker, Veracity, SCORM Cloud. Each statement gets its verdict as
    with `loader ingest`. How far the LRS was seen is remembered in xapi.pulls, so a pull can be
    repeated at any time, also after a failure. A TIME is a date or a date and time, in UTC.

    Credentials come from the environment or from .env: LRS_USER and LRS_PASSWORD, or LRS_TOKEN
    for a bearer token. On the command line everybody could see them.

    When the LRS is busy or out of reach it is asked again, after pauses that are told, for some
    minutes.

    \b
    Examples:
      loader pull https://lrs.example.org/xapi
      loader pull --user key --since 2026-09-01 https://lrs.example.org/data/xAPI
      loader pull --overlap 7d --json https://ralph.example.org/xAPI | jq .landed
    """
    from loader.checkers import checkers
    from loader.engine import connect
    from loader.loads import first_rejects
    from loader.pull import Lrs, Wanted, load_credentials
    from loader.pull import pull as pull_from
    from loader.pull.position import Pulls
    from loader.settings import load_settings

    settings = load_settings()
    wanted = Wanted(
        moment_of("--since", since),
        moment_of("--until", until),
        duration_of("--overlap", overlap),
        page_size,
    )
    if wanted.since and wanted.until and wanted.since >= wanted.until:
        raise UsageError("--since is not before --until: there is nothing between them.")
    with ExitStack() as stack:
        bars = stack.enter_context(display())
        lrs = Lrs(url, _with_password(load_credentials(user)), tell=bars.say)
        _warn_of_plain_text(lrs)
        workers = stack.enter_context(checkers())
        clients = [connect(settings), connect(settings)]
        prepare(clients[0], settings)
        progress = bars.start(lrs.url, None)
        outcome = gather(
            pull_from(clients, lrs, workers, wanted, bars.say, progress, settings.limits)
        )
    reached = Pulls(clients[0], lrs.url, lrs.account).seen_until()
    if as_json:
        print_json(_as_object(outcome, lrs, reached))
    elif outcome.loads or not outcome.failure:
        rejects = first_rejects(clients[0], outcome.loads, SHOWN_REJECTS)
        whole = replace(outcome, loads=[_together(lrs, outcome.loads)])
        print_summary(whole, rejects, "statement", source="lrs")
        _print_reached(reached)
    if outcome.failure:
        raise typer.Exit(report(outcome.failure))
    if any(load.counts.rejected or load.counts.conflicts for load in outcome.loads):
        raise typer.Exit(WITH_REJECTS)


def _with_password(credentials: Credentials) -> Credentials:
    if not credentials.user or credentials.password.get_secret_value():
        return credentials
    if not sys.stdin.isatty():
        raise UsageError(f"There is no password for {credentials.user}: set LRS_PASSWORD.")
    from pydantic import SecretStr

    asked = typer.prompt(f"Password of {credentials.user}", hide_input=True, err=True)
    return replace(credentials, password=SecretStr(asked))


def _warn_of_plain_text(lrs: Lrs) -> None:
    if lrs.shows_credentials:
        typer.echo(f"{lrs.url} is not HTTPS: the credentials can be read on the way.", err=True)


def _together(lrs: Lrs, loads: Sequence[Load]) -> Load:
    """The loads of a pull as one."""
    from loader.loads import Load

    whole = Load(lrs.url)
    for load in loads:
        whole.counts.add(load.counts)
        whole.untimed += load.untimed
    if loads:
        whole.started_at, whole.finished_at = loads[0].started_at, loads[-1].finished_at
    return whole


def _as_object(outcome: Outcome, lrs: Lrs, reached: datetime | None) -> dict[str, Any]:
    counts = counts_of(outcome.loads) | {"untimed": sum(load.untimed for load in outcome.loads)}
    return (
        {"lrs": lrs.url, "seen_until": reached and reached.isoformat(), "loads": len(outcome.loads)}
        | counts
        | {"seconds": round(outcome.seconds, 3)}
        | ({"error": str(outcome.failure)} if outcome.failure else {})
    )


def _print_reached(reached: datetime | None) -> None:
    if reached:
        typer.echo(f"All that was stored until {reached:%Y-%m-%d %H:%M:%S} UTC has been seen.")
