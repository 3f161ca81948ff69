"""Where Superset is and what it should have: options of several commands, and who logs in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from loader.superset import Superset

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


def logged_in(
    url: str, user: str, tell: Callable[[str], None] = lambda _sentence: None
) -> Superset:
    """Superset as this user may use it, by the password or token of the environment.

    `tell` gets a sentence when the server has to be waited for. Raises UsageError without either.
    """
    from loader.errors import UsageError
    from loader.superset import Superset

    token = os.environ.get("SUPERSET_TOKEN", "")
    password = os.environ.get("SUPERSET_PASSWORD", "")
    if not token and not password:
        raise UsageError(f"Set SUPERSET_PASSWORD, the password of {user} at {url}.")
    return Superset(url, user, password, token, tell=tell)
