"""The options by which rejects are chosen, the same for every command on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from loader.cli.times import moment_of
from loader.errors import UsageError

if TYPE_CHECKING:
    from loader.rejects import Wanted

Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="Only these; the first digits of an id are enough."),
]
Reasons = Annotated[
    list[str] | None,
    typer.Option("--reason", metavar="REASON", help="Only for this reason; can be repeated."),
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only of this file, as `list` names it."),
]
Loads = Annotated[
    list[str] | None, typer.Option("--load", metavar="UUID", help="Only of this load.")
]
Since = Annotated[
    str | None, typer.Option(metavar="TIME", help="Only what was rejected then or later.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on one line.")]


def wanted_of(
    ids: list[str] | None,
    reasons: list[str] | None,
    sources: list[str] | None,
    loads: list[str] | None,
    since: str | None,
    resolved_too: bool = False,
) -> Wanted:
    """What the options ask for. Raises UsageError that names the one that makes no sense."""
    from loader.envelope import Reason
    from loader.rejects import Wanted

    known = [reason.value for reason in Reason]
    for reason in reasons or ():
        if reason not in known:
            raise UsageError(f"There is no reason {reason}: --reason is one of {', '.join(known)}.")
    for load in loads or ():
        _refuse_no_uuid(load)
    for one in ids or ():
        refuse_no_id(one)
    return Wanted(
        tuple(reasons or ()),
        tuple(sources or ()),
        tuple(loads or ()),
        moment_of("--since", since),
        tuple(ids or ()),
        resolved_too,
    )


def _refuse_no_uuid(written: str) -> None:
    try:
        UUID(written)
    except ValueError:
        raise UsageError(f"--load takes the UUID of a load, not {written}.") from None


def refuse_no_id(written: str) -> None:
    """Raise UsageError for what cannot be the beginning of an id."""
    if not 4 <= len(written) <= 16 or set(written.lower()) - set("0123456789abcdef"):
        raise UsageError(
            f"{written} is no id of a rejected line: these are 4 to 16 hexadecimal digits, "
            "as `loader rejects list` shows them."
        )
