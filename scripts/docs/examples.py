"""Queries of the documentation and what they return, as Markdown."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def answer(client: Client, query: str) -> str:
    """The rows of a query as a Markdown table, numbers to the right."""
    result = client.query(query)
    rows = result.result_rows
    if not rows:
        return "No rows: the made-up platform has nothing of the kind."
    aligned = [
        "---:" if any(_is_number(row[index]) for row in rows) else "---"
        for index in range(len(result.column_names))
    ]
    lines = [_row(result.column_names), _row(aligned)]
    lines += [_row([value_text(value) for value in row]) for row in rows]
    return "\n".join(lines)


def value_text(value: object) -> str:
    """A value as a reader wants it: times to the second, lists without brackets."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(one) for one in value)
    return cell(str(value))


def cell(text: str) -> str:
    """Text that stays in its cell of a table, and is shown as it is."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _row(values: Sequence[str]) -> str:
    return f"| {' | '.join(values)} |"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
