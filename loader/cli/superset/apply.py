"""`loader superset apply`, `diff` and `check`: a Superset against the bundle in the folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loader.cli.outcome import FAILED, in_plain_words
from loader.cli.superset.options import (
    AccessFile,
    Assets,
    Database,
    Json,
    Languages,
    Url,
    User,
    logged_in,
)
from loader.cli.text import plural, print_json

if TYPE_CHECKING:
    from loader.access import Access
    from loader.superset import Bundle, Superset
    from loader.superset.apply import Difference


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
    server = logged_in(url, user)
    secret = unquote(urlsplit(address).password or "")
    return _Opened(server, wanted, may_see, secret)


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
