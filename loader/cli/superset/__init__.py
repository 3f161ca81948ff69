"""`loader superset`: dashboards in Apache Superset, from the bundle in the project's folder."""

from __future__ import annotations

import typer

from loader.cli.superset.apply import apply, check, diff
from loader.cli.superset.embedding import embedded, guest_token
from loader.cli.superset.usage import usage

superset = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
superset.command(short_help="Import or update the dashboards, and remove what there is no longer.")(
    apply
)
superset.command(short_help="Print what `apply` would change.")(diff)
superset.command(short_help="Exit with 1 if Superset is not as the bundle says.")(check)
superset.command(short_help="List the dashboards that can be embedded, with their ids.")(embedded)
superset.command("guest-token", short_help="Print a token that opens a dashboard for one course.")(
    guest_token
)
superset.command(short_help="Land what people do in Superset, for the Operator dashboard.")(usage)


@superset.callback()
def _superset() -> None:
    """Bring the dashboards to Apache Superset, and look whether they are as they should be.

    Who logs in is `--user`; the password is in the environment, as SUPERSET_PASSWORD. Where there
    is single sign-on, SUPERSET_TOKEN has a token instead, made by superset/access_token.py.

    \b
    Examples:
      loader superset diff --url http://localhost:8088
      loader superset apply --url http://localhost:8088
    """
