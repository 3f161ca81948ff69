"""`loader rejects show`: all about one line that did not land."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loader.cli.outcome import in_plain_words
from loader.cli.rejects.list import reject_as_object
from loader.cli.rejects.options import AsJson, refuse_no_id
from loader.cli.text import iso, number, print_json
from loader.errors import UsageError

if TYPE_CHECKING:
    from loader.rejects.listing import Shown

SHOWN_BYTES = 4096


@in_plain_words()
def show(
    identifier: Annotated[
        str,
        typer.Argument(metavar="ID", help="As `list` shows it; its first digits are enough."),
    ],
    raw: Annotated[
        bool, typer.Option("--raw", help="Print its text alone, byte by byte as it came.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one line that could not land: its text, where it stood, why, and what to do.

    Of a conflict, also the statement that landed first, and in what the two differ. Bytes that
    are no text, or would do something to the terminal, are shown as \\x1b.

    \b
    Examples:
      loader rejects show 3f2a9c01
      loader rejects show 3f2a9c01 --raw | jq .
      loader rejects show 3f2a9c01 --json
    """
    from loader.engine import connect
    from loader.rejects import show_reject
    from loader.schema import require_current
    from loader.settings import load_settings

    refuse_no_id(identifier)
    if raw and as_json:
        raise UsageError("--raw and --json cannot both be printed.")
    client = connect(load_settings())
    require_current(client)
    shown = show_reject(client, identifier)
    if raw:
        sys.stdout.buffer.write(shown.raw)
        sys.stdout.buffer.flush()
    elif as_json:
        print_json(_as_object(shown))
    else:
        _print(shown)


def _as_object(shown: Shown) -> dict[str, Any]:
    found = reject_as_object(shown.reject) | {
        "raw": shown.raw.decode(errors="backslashreplace"),
        "what_to_do": shown.remedy,
    }
    if shown.landed:
        found["landed_first"] = {
            "source": shown.landed.source,
            "received_at": iso(shown.landed.received_at),
            "load_id": str(shown.landed.load_id),
            "event": shown.landed.text.decode(errors="backslashreplace"),
            "differs_in": list(shown.landed.differences),
        }
    if shown.resolution:
        found["resolved"] = {
            "resolution": shown.resolution,
            "at": iso(shown.resolved_at),
            "by_load": str(shown.resolved_by),
        }
    return found


def _print(shown: Shown) -> None:
    one = shown.reject
    typer.echo(f"Id          {one.id}")
    typer.echo(f"Where       {one.place}, byte {number(one.byte_offset)}")
    typer.echo(f"When        {one.received_at:%Y-%m-%d %H:%M:%S} UTC, in load {one.load_id}")
    typer.echo(f"Why         {one.reason}: {one.detail}")
    if shown.landed:
        first = shown.landed
        typer.echo(f"Landed      {first.received_at:%Y-%m-%d %H:%M:%S} UTC, from {first.source}")
        typer.echo(f"Differs in  {', '.join(first.differences) or 'nothing that can be told'}")
    if shown.resolution:
        typer.echo(f"Resolved    {shown.resolution}, {shown.resolved_at:%Y-%m-%d %H:%M:%S} UTC")
    elif shown.remedy:
        typer.echo(f"What to do  {shown.remedy}")
    typer.echo(f"\nIts text, {number(len(shown.raw))} bytes:")
    typer.echo(_visible(shown.raw))
    if shown.landed:
        typer.echo("\nThe one that landed:")
        typer.echo(_visible(shown.landed.text))


def _visible(raw: bytes) -> str:
    """A text that does nothing to a terminal, and does not fill the screen for ever."""
    text = raw[:SHOWN_BYTES].decode(errors="backslashreplace")
    safe = "".join(
        one if one.isprintable() or one in "\n\t" else one.encode("unicode_escape").decode()
        for one in text
    )
    rest = len(raw) - SHOWN_BYTES
    return f"{safe}\n… and {number(rest)} bytes more: --raw prints all." if rest > 0 else safe
