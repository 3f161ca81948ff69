"""`loader access`: who may see what, as ClickHouse is told it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loader.cli.outcome import FAILED, in_plain_words
from loader.cli.text import plural, print_json

if TYPE_CHECKING:
    from loader.access import Access
    from loader.access.plan import Plan
    from loader.access.published import Model
    from loader.settings import Settings

access = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

File = Annotated[
    Path | None,
    typer.Option("--file", help="Who may see what; else access.yml of this folder, or ours."),
]
Manifest = Annotated[
    Path | None,
    typer.Option(help="dbt's manifest.json; else the one in target/, or in DBT_TARGET_PATH."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on one line.")]
WithoutUsers = Annotated[
    bool, typer.Option("--no-users", help="Leave out the file's users: roles and policies alone.")
]


@access.callback()
def _access() -> None:
    """Say who may see what, and make ClickHouse keep to it.

    The file access.yml says which role sees which tables and which rows, and what its queries
    may take. docs/access.md tells how to set it up, and how people get their courses.

    \b
    Examples:
      loader access check
      loader access sql --no-users
      loader access apply --dry-run
    """


@access.command(short_help="Print SQL that makes roles, policies and limits.")
@in_plain_words("Nothing was changed.")
def sql(
    file: File = None,
    manifest: Manifest = None,
    no_users: WithoutUsers = False,
    as_json: AsJson = False,
) -> None:
    """Print the SQL that makes roles, row policies, limits, grants and users.

    For a server that keeps users itself; it can be run again at any time. With
    WAREHOUSE_TARGET=cluster, on all of it. `loader access apply` runs it, and removes what is no
    longer in access.yml. Passwords come from the environment, ACCESS_PASSWORD_ and the user's
    name in capitals; what is printed has their hashes.

    \b
    Examples:
      loader access sql --no-users
      ACCESS_PASSWORD_WAREHOUSE_LOADER=… loader access sql > access.sql
    """
    from loader.access.sql import statements
    from loader.settings import load_settings

    _, _, plan = _read(file, manifest)
    written = statements(plan, _hashes(plan, no_users), _cluster(load_settings()))
    if as_json:
        print_json({"statements": written})
    else:
        _print(written)


@access.command(short_help="Print a file for users.d, for servers without SQL users.")
@in_plain_words("Nothing was changed.")
def xml(file: File = None, manifest: Manifest = None, as_json: AsJson = False) -> None:
    """Print the same as a file for the server's folder users.d.

    For a server that keeps its users in users.xml. Only the users in access.yml are in it, as
    such a server has row policies for users and not for roles.

    \b
    Examples:
      loader access xml > /etc/clickhouse-server/users.d/warehouse.xml
    """
    from loader.access.users_xml import users_xml

    _, _, plan = _read(file, manifest)
    written = users_xml(plan, _hashes(plan, no_users=False) or {})
    if as_json:
        print_json({"users_xml": written})
    else:
        typer.echo(written, nl=False)


@access.command(short_help="Bring a server to what access.yml says.")
@in_plain_words("What was made stays; `loader access apply` again makes the rest.")
def apply(
    file: File = None,
    manifest: Manifest = None,
    no_users: WithoutUsers = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be run, and change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the server's roles, row policies, limits, grants and users what access.yml says.

    What is called warehouse_… and is no longer in access.yml is removed; nothing else is touched.
    It takes a user who may manage access (in CLICKHOUSE_USER), and can be repeated at any time.

    \b
    Examples:
      loader access apply --dry-run
      loader access apply --no-users
    """
    from loader.access.apply import changes, run
    from loader.engine import connect

    settings = _server("apply")
    _, _, plan = _read(file, manifest)
    hashes = _hashes(plan, no_users)
    client = connect(settings)
    statements = changes(client, plan, hashes, _cluster(settings))
    if not dry_run:
        run(client, statements)
    if as_json:
        print_json({"place": settings.place, "dry_run": dry_run, "statements": statements})
        return
    if dry_run:
        _print(statements)
        return
    typer.echo(f"{settings.place}: {plural(len(statements), 'statement')} run.")
    typer.echo("Next: `loader access check`, and `dbt run` with WAREHOUSE_VIEWS_USER set.")


@access.command(short_help="Compare access.yml with what is published, and with the server.")
@in_plain_words("Nothing was changed.")
def check(
    file: File = None,
    manifest: Manifest = None,
    as_json: AsJson = False,
) -> None:
    """Compare access.yml with what dbt publishes and, unless embedded, with the server.

    Tells every published relation without a rule, every rule without a relation, and whatever
    the server has otherwise than access.yml says. Exit code 1 if there is anything.

    \b
    Examples:
      loader access check
      loader access check --json | jq -r '.differences[]'
    """
    from loader.access.published import gaps
    from loader.access.server import differences
    from loader.engine import connect
    from loader.settings import Target, load_settings

    settings = load_settings()
    rules, models, plan = _read(file, manifest)
    found = gaps(rules, models)
    is_embedded = settings.target is Target.EMBEDDED
    if not is_embedded:
        found += differences(connect(settings), plan)
    if as_json:
        print_json({"ok": not found, "place": settings.place, "differences": found})
    else:
        for sentence in found:
            typer.echo(sentence)
        _sum_up(len(found), is_embedded, settings)
    if found:
        raise typer.Exit(FAILED)


def _print(statements: list[str]) -> None:
    for statement in statements:
        typer.echo(f"{statement};")


def _sum_up(found: int, is_embedded: bool, settings: Settings) -> None:
    if found:
        typer.echo(f"{plural(found, 'difference')}. docs/access.md says what to do.")
    elif is_embedded:
        typer.echo("access.yml covers all that is published. An embedded warehouse has no users.")
    else:
        typer.echo(f"access.yml covers all that is published; {settings.place} keeps to it.")


def _read(file: Path | None, manifest: Path | None) -> tuple[Access, list[Model], Plan]:
    from loader.access import read_access
    from loader.access.plan import make_plan
    from loader.access.published import read_models

    rules = read_access(file)
    folder = Path(os.environ.get("DBT_TARGET_PATH") or "target")
    models = read_models(manifest or folder / "manifest.json")
    return rules, models, make_plan(rules, models)


def _hashes(plan: Plan, no_users: bool) -> dict[str, str] | None:
    from loader.access.passwords import password_hashes

    return None if no_users else password_hashes(plan.users, os.environ)


def _cluster(settings: Settings) -> str:
    from loader.settings import Target

    return settings.cluster if settings.target is Target.CLUSTER else ""


def _server(command: str) -> Settings:
    """Raises UsageError for an embedded warehouse: it has no users."""
    from loader.errors import UsageError
    from loader.settings import Target, load_settings

    settings = load_settings()
    if settings.target is Target.EMBEDDED:
        raise UsageError(
            f"`loader access {command}` is for servers, an embedded warehouse has no users: set "
            "WAREHOUSE_TARGET=server."
        )
    return settings
