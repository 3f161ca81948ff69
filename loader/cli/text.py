"""Tables and numbers as text, the same on a terminal, in a file and in a pipe."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from datetime import datetime


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "") -> None:
    """Rows in columns: the first to the left, the others, which are numbers, to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        first, *others = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        typer.echo(indent + "  ".join((first, *others)))


def print_json(value: object) -> None:
    """One object on one line of stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def iso(moment: datetime | None) -> str | None:
    """A moment in UTC as ISO 8601, or nothing."""
    return f"{moment.replace(tzinfo=None).isoformat()}Z" if moment else None


def number(value: int) -> str:
    """1,234,567"""
    return f"{value:,}"


def seconds(value: float) -> str:
    """A duration people can compare: 0.42 s, 12.3 s."""
    return f"{value:.2f} s" if value < 10 else f"{value:,.1f} s"


def plural(count: int, one: str, many: str = "") -> str:
    """1 line, 2 lines"""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
