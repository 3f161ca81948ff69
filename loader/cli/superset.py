"""`loader superset`: dashboards in Apache Superset, from the bundle in the project's folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loader.cli.outcome import FAILED, in_plain_words
from loader.cli.text import iso, plural, print_json

if TYPE_CHECKING:
    from loader.access import Access
    from loader.superset import Bundle, Superset
    from loader.superset.apply import Difference

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Bring the dashboards to Apache Superset, and look whether they are as they should be.

    Who logs in is `--user`; the password is in the environment, as SUPERSET_PASSWORD. Where there
    is single sign-on, SUPERSET_TOKEN has a token instead, made by superset/access_token.py.

    \b
    Examples:
      loader superset diff --url http://localhost:8088
      loader superset apply --url http://localhost:8088
    """,
)

Url = Annotated[str, typer.Option("--url", metavar="URL", help="Where Superset is.")]
User = Annotated[
    str,
    typer.Option(
        "--user", envvar="SUPERSET_USER", help="Who logs in; the password is SUPERSET_PASSWORD."
    ),
]
Assets = Annotated[Path, typer.Option("--assets", help="The folder of the bundle.")]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="SUPERSET_DATABASE_URI",
        metavar="URI",
        help="How Superset reaches the warehouse, as clickhousedb://user:password@host:8123/"
        "reporting; by default as the loader does.",
    ),
]
Languages = Annotated[
    list[str],
    typer.Option(
        "--language",
        envvar="SUPERSET_LANGUAGES",
        metavar="LANGUAGE",
        help="en, es, fr or ar; of several, the first is that of datasets, and the others have "
        "dashboards of their own, as course-es. In the environment: SUPERSET_LANGUAGES='en es'.",
    ),
]
AccessFile = Annotated[
    Path | None,
    typer.Option("--access", help="Who may see what; by default the access.yml of this folder."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on one line.")]


@app.command(short_help="Import or update the dashboards, and remove what there is no longer.")
@in_plain_words("Superset has all of the bundle or nothing of it; the same command goes on.")
def apply(
    url: Url,
    user: User = "admin",
    assets: Assets = Path("superset/assets"),
    database: Database = "",
    languages: Languages = ["en"],  # noqa: B006  # typer only reads it
    access: AccessFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change, and change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a Superset to what the bundle says, and read back that it is.

    What is missing or has changed is imported. Charts, datasets and dashboards of ours that the
    bundle has no longer are removed, unless something else in Superset stands on them. What others
    have made is not touched. A second time there is nothing to do.

    \b
    Examples:
      loader superset apply --url http://localhost:8088 --dry-run
      loader superset apply --url http://localhost:8088
    """
    from loader.superset import apply as bring
    from loader.superset import apply_access

    opened = _open(url, user, assets, database, languages, access)
    if dry_run:
        _tell(*opened.differences(), as_json)
        return
    outcome = bring(opened.bundle, opened.server, opened.password)
    changed = apply_access(opened.access, opened.bundle, opened.server)
    if as_json:
        print_json(
            {
                "imported": [one.name for one in outcome.imported],
                "removed": outcome.removed,
                "kept": outcome.kept,
                "access": changed,
            }
        )
        return
    typer.echo(
        f"{plural(len(outcome.imported), 'asset')} imported, {len(outcome.removed)} removed, "
        f"{plural(len(changed), 'change')} to who sees what."
    )
    for one in outcome.kept:
        typer.echo(f"Not removed: {one}.")
    typer.echo(f"Dashboards: {opened.server.url}/dashboard/list/")


@app.command(short_help="Print what `apply` would change.")
@in_plain_words("Nothing was changed.")
def diff(
    url: Url,
    user: User = "admin",
    assets: Assets = Path("superset/assets"),
    database: Database = "",
    languages: Languages = ["en"],  # noqa: B006  # typer only reads it
    access: AccessFile = None,
    as_json: Json = False,
) -> None:
    """Print what `apply` would change, with the first changes of each asset.

    \b
    Examples:
      loader superset diff --url http://localhost:8088
    """
    _tell(*_open(url, user, assets, database, languages, access).differences(), as_json)


@app.command(short_help="Exit with 1 if Superset is not as the bundle says.")
@in_plain_words("Nothing was changed.")
def check(
    url: Url,
    user: User = "admin",
    assets: Assets = Path("superset/assets"),
    database: Database = "",
    languages: Languages = ["en"],  # noqa: B006  # typer only reads it
    access: AccessFile = None,
    as_json: Json = False,
) -> None:
    """Exit with 1 if Superset is not as the bundle says: for a schedule, or before an update.

    \b
    Examples:
      loader superset check --url http://localhost:8088
    """
    found = _open(url, user, assets, database, languages, access).differences()
    _tell(*found, as_json)
    if any(found):
        raise typer.Exit(FAILED)


@app.command(short_help="List the dashboards that can be embedded, with their ids.")
@in_plain_words("Nothing was changed.")
def embedded(
    url: Url, user: User = "admin", access: AccessFile = None, as_json: Json = False
) -> None:
    """List the dashboards that can be embedded, with the id that each is embedded as.

    They are those that access.yml names. `apply` lets them be embedded, and an id stays the same as
    long as its dashboard is there.

    \b
    Examples:
      loader superset embedded --url http://localhost:8088
    """
    from loader.access import read_access

    server = _server(url, user)
    found = {slug: server.embedded_id(slug) for slug in read_access(access).embedded}
    if as_json:
        print_json(found)
        return
    for slug, identity in found.items():
        typer.echo(f"{slug:20}  {identity or 'not yet: run `loader superset apply`'}")


@app.command("guest-token", short_help="Print a token that opens a dashboard for one course.")
@in_plain_words("No token was made.")
def guest_token(
    dashboard: Annotated[
        str,
        typer.Option(
            "--dashboard", metavar="ID", help="What it is embedded as: `loader superset embedded`."
        ),
    ],
    course: Annotated[
        str, typer.Option("--course", metavar="KEY", help="The course that is shown.")
    ],
    seconds: Annotated[int, typer.Option("--seconds", help="How long it holds, up to 3600.")] = 300,
    as_json: Json = False,
) -> None:
    """Print a token that opens one embedded dashboard for one course: the rows of it and no others.

    It is signed with SUPERSET_GUEST_TOKEN_SECRET, which Superset has too; nobody is asked. Make one
    for each person that may see the page, when they see it.

    \b
    Examples:
      loader superset guest-token --dashboard 6e0d2b5c-2f4c --course course-v1:NorthU+ST1+2026
    """
    from loader.errors import UsageError
    from loader.superset import guest_token as sign

    secret = os.environ.get("SUPERSET_GUEST_TOKEN_SECRET", "")
    if not secret:
        raise UsageError("Set SUPERSET_GUEST_TOKEN_SECRET, to what Superset has as the same.")
    token = sign(secret, dashboard, course, seconds)
    if as_json:
        print_json({"token": token, "seconds": seconds})
    else:
        typer.echo(token)


@app.command(short_help="Land what people do in Superset, for the Operator dashboard.")
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
        server = _server(url, user, bars.say)
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


@dataclass(frozen=True)
class _Opened:
    """A server, and what it should have."""

    server: Superset
    bundle: Bundle
    access: Access
    password: str

    def differences(self) -> tuple[list[Difference], list[str]]:
        from loader.superset import access_differences, differences

        found = differences(self.bundle, self.server)
        return found, access_differences(self.access, self.bundle, self.server)


def _open(
    url: str, user: str, assets: Path, database: str, languages: list[str], access: Path | None
) -> _Opened:
    from urllib.parse import unquote, urlsplit

    from loader.access import read_access
    from loader.settings import load_settings
    from loader.superset.apply import at
    from loader.superset.database import database_uri
    from loader.superset.languages import read_in_languages

    bundle = read_in_languages(assets, languages)
    address = database or database_uri(load_settings())
    may_see = read_access(access)
    wanted = at(bundle, address)
    server = _server(url, user)
    secret = unquote(urlsplit(address).password or "")
    return _Opened(server, wanted, may_see, secret)


def _server(url: str, user: str, tell: Callable[[str], None] = lambda _sentence: None) -> Superset:
    from loader.errors import UsageError
    from loader.superset import Superset

    token = os.environ.get("SUPERSET_TOKEN", "")
    password = os.environ.get("SUPERSET_PASSWORD", "")
    if not token and not password:
        raise UsageError(f"Set SUPERSET_PASSWORD, the password of {user} at {url}.")
    return Superset(url, user, password, token, tell=tell)


def _tell(assets: list[Difference], access: list[str], as_json: bool) -> None:
    from loader.superset.apply import lines

    if as_json:
        print_json({"assets": [asdict(one) for one in assets], "access": access})
        return
    for line in (*lines(assets), *access):
        typer.echo(line)
    count = len(assets) + len(access)
    if count:
        typer.echo(f"{plural(count, 'difference')}: `loader superset apply` removes them.")
    else:
        typer.echo("Superset is as the bundle and access.yml say.")
