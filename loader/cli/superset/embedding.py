"""`loader superset embedded` and `guest-token`: dashboards on other pages."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.superset.options import AccessFile, Json, Url, User, logged_in
from loader.cli.text import print_json


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

    server = logged_in(url, user)
    found = {slug: server.embedded_id(slug) for slug in read_access(access).embedded}
    if as_json:
        print_json(found)
        return
    for slug, identity in found.items():
        typer.echo(f"{slug:20}  {identity or 'not yet: run `loader superset apply`'}")


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
