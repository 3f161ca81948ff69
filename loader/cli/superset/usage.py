"""`loader superset usage`: what people do in Superset."""

from __future__ import annotations

from typing import Annotated

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.superset.options import Json, Url, User, logged_in
from loader.cli.text import iso, plural, print_json


@in_plain_words("What has landed stays; the same command goes on from there.")
def usage(
    url: Url,
    user: User = "admin",
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="What happened after it, whatever was pulled before."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would land, and land nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Land what people have done in Superset since the last time: who, by number, opened what.

    It comes from Superset's own log of what browsers do, with the numbers of users and no names,
    and the names of dashboards and charts. It goes on where the former pull of this address ended,
    and begins with the last 90 days; so it can be repeated at any time, also after a failure. While
    Superset is busy or fails, it is asked again after pauses that are told.

    The user needs the role Admin, or may read Log, User, Dashboard and Chart.

    \b
    Examples:
      loader superset usage --url http://localhost:8088
      loader superset usage --url http://localhost:8088 --since 2026-01-01 --dry-run
    """
    from loader.cli.prepare import prepare
    from loader.cli.progress import display
    from loader.cli.times import moment_of
    from loader.engine import connect
    from loader.settings import load_settings
    from loader.superset import pull_usage

    settings = load_settings()
    begin = moment_of("--since", since)
    with display(unit="actions") as bars:
        server = logged_in(url, user, bars.say)
        client = connect(settings)
        prepare(client, settings)
        progress = bars.start(server.url, None)
        done = pull_usage(client, server, begin, dry_run, lambda read: progress(read, read))
    if as_json:
        print_json(
            {
                "superset": done.superset,
                "read": done.read,
                "landed": 0 if dry_run else done.landed,
                "new": done.landed,
                "unreadable": done.unreadable,
                "users": done.users,
                "dashboards": done.dashboards,
                "charts": done.charts,
                "seen_until": iso(done.seen_until),
            }
        )
        return
    what = "would land" if dry_run else "landed"
    typer.echo(
        f"{plural(done.landed, 'action')} {what}, {done.read - done.landed:,} were there; "
        f"{plural(done.users, 'user')}, {plural(done.dashboards, 'dashboard')}, "
        f"{plural(done.charts, 'chart')}."
    )
    if done.unreadable:
        typer.echo(f"{plural(done.unreadable, 'entry', 'entries')} of the log tell no action.")
    if not dry_run:
        typer.echo("Next: `dbt run` brings the reports up to date.")
