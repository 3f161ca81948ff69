"""`loader forget`: remove all that there is of a learner, and prove it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loader.cli.outcome import in_plain_words, report
from loader.cli.progress import display
from loader.cli.text import number, plural, print_json, print_table
from loader.errors import LoaderError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.forget import Erasure, Found, Person


@in_plain_words("The same command again goes on; until then, part of it is still there.")
def forget(
    actor: Annotated[
        str,
        typer.Argument(
            metavar="[ACTOR]",
            help="As statements name the learner: the account's name, mailto:…, the SHA-1 of an "
            "address, or an OpenID.",
        ),
    ] = "",
    username: Annotated[
        str, typer.Option(metavar="NAME", help="Instead: the username in the user profiles.")
    ] = "",
    email: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Instead: the person's e-mail address.")
    ] = "",
    home_page: Annotated[
        str,
        typer.Option(
            metavar="URL", help="Only the account of this platform, if several have the name."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what there is, change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on one line.")
    ] = False,
) -> None:
    """Remove a learner from the warehouse, with all that was made of their statements.

    Statements in which they act, rejected lines that have them, what dbt keeps of them, and
    their user profile are deleted. In statements of others, where they are mentioned (as
    instructor, as member of a group, in an answer), they are replaced by "forgotten". The
    tables are rewritten; then everything is counted again, and has to be nothing.

    Who they are is worked out from the user profiles, if there are any: all their external
    ids and e-mail addresses are forgotten with them. docs/privacy.md tells what stays.

    Exit code 1 also if there is nothing of them: the identifier may be misspelled.

    \b
    Examples:
      loader forget 5509c57e-4e7b-4119-8dd9-8633f6595fa2 --dry-run
      loader forget mailto:ana@example.org
      loader forget 1042 --home-page https://moodle.example.org
      loader forget --username ana --yes
      loader forget --email ana@example.org --yes --json | jq .left
    """
    from loader.engine import connect
    from loader.forget import Erasure, Wanted, find_person
    from loader.schema import require_current
    from loader.settings import load_settings

    if sum(map(bool, (actor, username, email))) != 1:
        raise UsageError("Say who it is: by ACTOR, by --username or by --email.")
    if not (dry_run or yes or sys.stdin.isatty()):
        raise UsageError("Nobody is there to be asked: say --yes, or --dry-run to look first.")
    settings = load_settings()
    client = connect(settings)
    require_current(client)
    wanted = Wanted(actor, username, email, home_page)
    person = find_person(client, settings, wanted)
    erasure = Erasure(client, settings, person)
    with display(unit="rows") as bars:
        before = erasure.find(bars.start("looking", len(erasure.tables)))
    if not any(one.rows for one in before):
        raise LoaderError(
            f"There is nothing of {wanted} in any table ({settings.place}): "
            "it is gone, or spelled otherwise."
        )
    if not as_json:
        _print_plan(person, before)
    after = before if dry_run else _remove(erasure, before, ask=not yes)
    left = 0 if dry_run else sum(one.rows for one in after)
    failure = LoaderError(
        f"{plural(left, 'row')} came while the others were removed: "
        "when no load and no dbt is running, run the same command again."
    )
    if as_json:
        print_json(_as_object(person, before, after) | ({"error": str(failure)} if left else {}))
    elif not dry_run:
        _print_proof(before, after)
    if left:
        raise typer.Exit(report(failure))


def _remove(erasure: Erasure, before: Sequence[Found], ask: bool) -> list[Found]:
    """What is left after the removal."""
    if ask:
        typer.confirm("Remove all this for good?", abort=True, err=True)
    with display(unit="rows") as bars:
        erasure.remove(before, bars.start("removing", len(before)))
        return erasure.find(bars.start("counting again", len(before)))


def _print_plan(person: Person, found: Sequence[Found]) -> None:
    typer.echo("This person is, in statements:")
    for identity in person.identities:
        typer.echo(f"  {identity.kind.value} {identity}")
    if person.user_ids:
        ids = ", ".join(map(str, person.user_ids))
        typer.echo(f"and in the profiles: user {ids} ({', '.join(person.usernames)})")
    typer.echo()
    rows = [
        (str(one.table), number(one.theirs), number(one.mentioned)) for one in found if one.rows
    ]
    print_table(("table", "rows of theirs", "rows that mention them"), rows)
    typer.echo()


def _print_proof(before: Sequence[Found], after: Sequence[Found]) -> None:
    rows = [
        (str(one.table), number(one.rows), number(left.rows))
        for one, left in zip(before, after, strict=True)
        if one.rows or left.rows
    ]
    print_table(("table", "rows before", "rows now"), rows)
    others = len(before) - len(rows)
    typer.echo(f"{plural(others, 'other table')}: none before, none now.")
    typer.echo("Next: `dbt run` brings the reports up to date.")


def _as_object(person: Person, before: Sequence[Found], after: Sequence[Found]) -> dict[str, Any]:
    return {
        "identifiers": [
            {"kind": one.kind.value, "value": one.value, "home_page": one.home_page}
            for one in person.identities
        ],
        "user_ids": list(person.user_ids),
        "theirs": sum(one.theirs for one in before),
        "mentioned": sum(one.mentioned for one in before),
        "left": sum(one.rows for one in after),
        "tables": [
            {
                "table": str(one.table),
                "theirs": one.theirs,
                "mentioned": one.mentioned,
                "left": left.rows,
            }
            for one, left in zip(before, after, strict=True)
        ],
    }
