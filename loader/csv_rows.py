"""Statements in the rows of a CSV file (RFC 4180): which column has them, and each row's.

Stores and log servers export tables: ClickHouse, Ralph and Aspects `event_id,
emission_time, event`, Graylog `timestamp, source, message`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loader.envelope import Reason, Rejection
from loader.tsv_rows import is_escaped, unescaped

# The names under which tables and log messages keep a statement's text, the surest first.
STATEMENT_NAMES = ("event", "statement", "full_message", "short_message", "message")

_DELIMITERS = (",", ";", "\t")
_STATEMENT = re.compile(r'\s*[{\[].*"(verb|statements|short_message)"', re.DOTALL)
_BOM = "\ufeff"

# Rows are cut by `loader.reading.csv_chunks`, which knows how long one may be.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Layout:
    """How the rows of a CSV file are written, and where in them the statement stands."""

    delimiter: str
    columns: int
    column: int  # of the statement, from 0
    name: str  # of that column
    header_lines: int  # that come before the first row
    is_escaped: bool = False  # with backslashes (TabSeparated), instead of quoted


def layout_of(head: bytes) -> Layout | None:
    """The layout of a CSV file that begins like this; None if no column has statements.

    The column is known by its name in the header, else by a value that is a statement.
    """
    text = head.decode(errors="surrogateescape").removeprefix(_BOM)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
        first = _next_row(reader)
        height = reader.line_num
        names = [cell.strip().lower() for cell in first]
        for name in STATEMENT_NAMES:
            if name in names:
                return _layout(text, delimiter, len(first), names.index(name), name, height)
        for cells, skipped in ((first, 0), (_next_row(reader), height)):
            places = [place for place, cell in enumerate(cells) if _STATEMENT.match(cell)]
            if not places or len(cells) != len(first):
                continue
            is_quoted = '"' + cells[places[0]][:40].replace('"', '""') in text
            # Unquoted, it may be JSON in lines; but that has no tabs, or after each value.
            if is_quoted or (delimiter == "\t" and len(places) == 1 < len(cells)):
                name = names[places[0]] if skipped else f"column {places[0] + 1}"
                return _layout(text, delimiter, len(first), places[0], name, skipped)
    return None


def _layout(
    text: str, delimiter: str, columns: int, column: int, name: str, header_lines: int
) -> Layout:
    escaped = delimiter == "\t" and is_escaped(text, columns, column)
    return Layout(delimiter, columns, column, name, header_lines, escaped)


def _next_row(reader: Iterator[list[str]]) -> list[str]:
    try:
        return next((cells for cells in reader if cells), [])
    except csv.Error:
        return []


@dataclass(frozen=True)
class Row:
    """One row of a table: where it stands, counted from 0, and what it holds."""

    line: int
    start: int
    end: int
    found: bytes | Rejection  # the statement's text, or why there is none


def rows_of(data: bytes, layout: Layout) -> Iterator[Row]:
    """The rows in a stretch of whole rows, blank ones left out.

    A row that is broken costs its first line only: a quote that is missing must not
    swallow the rows after it.
    """
    lines = data.split(b"\n")
    if layout.is_escaped:
        yield from _escaped_rows(lines, layout)
        return
    number = start = 0
    while number < len(lines):
        reader = csv.reader(_decoded(lines, number), delimiter=layout.delimiter, strict=True)
        taken = 0  # lines that the reader has had before this row
        broken = False
        while not broken:
            found: bytes | Rejection | None
            try:
                cells = next(reader, None)
                if cells is None:
                    return
                found = _statement(cells, layout) if cells else None
                height = reader.line_num - taken
                broken = height > 1 and len(cells) != layout.columns
            except csv.Error as error:
                found, broken = Rejection(Reason.INVALID_ROW, f"not CSV: {error}"), True
            taken = reader.line_num
            height = 1 if broken else height
            end = start + sum(map(len, lines[number : number + height])) + height - 1
            if found is not None:
                yield Row(number, start, end, found)
            number += height
            start = end + 1


def _escaped_rows(lines: list[bytes], layout: Layout) -> Iterator[Row]:
    start = 0
    for number, line in enumerate(lines):
        row = line.rstrip(b"\r").decode(errors="surrogateescape")
        if row:
            cells = row.split(layout.delimiter)
            if len(cells) == layout.columns:
                cells[layout.column] = unescaped(cells[layout.column])
            yield Row(number, start, start + len(line), _statement(cells, layout))
        start += len(line) + 1


def _decoded(lines: list[bytes], first: int) -> Iterable[str]:
    last = len(lines) - 1
    for number in range(first, last + 1):
        end = "\n" if number < last else ""
        yield lines[number].decode(errors="surrogateescape") + end


def _statement(cells: list[str], layout: Layout) -> bytes | Rejection:
    if len(cells) != layout.columns:
        detail = f"{len(cells)} columns instead of {layout.columns}"
        return Rejection(Reason.INVALID_ROW, detail)
    text = cells[layout.column].strip()
    if not text:
        return Rejection(Reason.INVALID_ROW, f"{layout.name}: nothing")
    return text.encode(errors="surrogateescape")
