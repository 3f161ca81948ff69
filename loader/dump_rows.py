"""Rows of dumps: from bytes to values of the right type, or rejects.

Columns and their types are those of `loader.schema.dumps`; CSV is as of RFC 4180. Knows no engine.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from loader.chunks import Reject, records_of
from loader.envelope import Reason
from loader.errors import LoaderError, UsageError
from loader.limits import KEPT_OF_TOO_LARGE, Limits
from loader.reading.formats import Format, format_of
from loader.reading.json_records import JsonRecords
from loader.schema.access import COURSE_GRANTS, MOMENT
from loader.schema.dumps import DUMP_COLUMNS, dump_type

Read = Callable[[int], bytes]
Line = tuple[int, int, bytes]
"""Number from 0, first byte in the input, text with its line end."""

READ_BYTES = 1024 * 1024

# Moments can be held until 2299. Who writes 9999-12-31 means that something has no end.
NEVER_YEAR = 2299

_BOM = b"\xef\xbb\xbf"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_INTEGER_BITS = {"Int32": 32, "Int64": 64}
_DEFAULTS: dict[str, object] = {
    "UUID": UUID(int=0),
    "Int32": 0,
    "Int64": 0,
    "String": "",
    MOMENT: None,
}


class _InvalidRowError(Exception):
    """Why a row cannot land, naming its column."""


def read_rows(read: Read, table: str, name: str, limits: Limits) -> Iterator[list[object] | Reject]:
    """The rows of a dump in the order of `DUMP_COLUMNS[table]`, or why one is none.

    `read(n)` gives the next bytes, b"" at the end; `name` is the input's, for messages.
    JSON when the content begins like JSON, else CSV. `Reject.line` counts from 0.
    Raises UsageError for a header with unknown columns.
    """
    head = read(READ_BYTES)
    read = _again(head, read)
    if format_of(head, is_all=len(head) < READ_BYTES) is Format.JSON:
        return _json_rows(_values(read, limits), table)
    lines = _lines(read, name, limits)
    if head.removeprefix(_BOM).lstrip().startswith(b"{"):
        return _json_rows(lines, table)
    return _csv_rows(lines, table, name)


def _again(head: bytes, read: Read) -> Read:
    """`read`, with bytes that were taken put back in front."""
    rest = head

    def read_again(size: int) -> bytes:
        nonlocal rest
        if rest:
            taken, rest = rest[:size], rest[size:]
            return taken
        return read(size)

    return read_again


def _lines(read: Read, name: str, limits: Limits) -> Iterator[Line]:
    number, byte, rest = 0, 0, b""
    while block := read(READ_BYTES):
        if byte == 0 and not rest and block.startswith(_BOM):
            byte, block = len(_BOM), block[len(_BOM) :]
        *whole, rest = (rest + block).split(b"\n")
        for text in whole:
            yield number, byte, text + b"\n"
            number += 1
            byte += len(text) + 1
        if len(rest) > limits.statement_bytes:
            raise LoaderError(
                f"Line {number + 1} of {name} is longer than {limits.statement_size}: "
                "is this a dump? What has landed stays."
            )
    if rest:
        yield number, byte, rest


def _values(read: Read, limits: Limits) -> Iterator[Line]:
    first_line = 0
    for chunk in JsonRecords(read, READ_BYTES, limits).chunks():
        found = records_of(chunk.data, chunk)
        for line, byte, text in zip(found.lines, found.offsets, found.texts, strict=True):
            yield first_line + line, byte, text
        first_line += found.line_ends


def _json_rows(lines: Iterator[Line], table: str) -> Iterator[list[object] | Reject]:
    columns = {column: dump_type(table, column) for column in DUMP_COLUMNS[table]}
    for line, byte, text in lines:
        raw = text.strip()
        if not raw:
            continue
        try:
            row = json.loads(raw.decode())
            yield _of_object(row, columns, table)
        except UnicodeDecodeError as error:
            yield _reject(line, byte, raw, Reason.INVALID_UTF8, f"byte {error.start + 1}")
        except (json.JSONDecodeError, RecursionError) as error:
            yield _reject(line, byte, raw, Reason.INVALID_JSON, str(error))
        except _InvalidRowError as error:
            yield _reject(line, byte, raw, Reason.INVALID_ROW, str(error))


def _of_object(row: object, columns: dict[str, str], table: str) -> list[object]:
    if not isinstance(row, dict):
        raise _InvalidRowError("a row is a JSON object")
    unknown = [name for name in row if name not in columns]
    if unknown:
        raise _InvalidRowError(f"{unknown[0]}: no column of this table")
    return _whole(
        {
            name: _convert(name, kind, _text(row[name])) if name in row else _DEFAULTS[kind]
            for name, kind in columns.items()
        },
        table,
    )


def _text(value: Any) -> str:
    """A JSON value as CSV would have it; objects and arrays stay JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _CsvFeed:
    """Lines for a csv.reader, which may take several a row; remembers those it took."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.line = self.byte = 0
        self.taken: list[bytes] = []

    def __iter__(self) -> Iterator[str]:
        for line, byte, text in self._lines:
            if not self.taken:
                self.line, self.byte = line, byte
            self.taken.append(text)
            yield text.decode(errors="surrogateescape")

    def reject(self, reason: Reason, detail: str) -> Reject:
        raw = b"".join(self.taken).rstrip(b"\r\n")
        return _reject(self.line, self.byte, raw, reason, detail)


def _csv_rows(lines: Iterator[Line], table: str, name: str) -> Iterator[list[object] | Reject]:
    csv.field_size_limit(2**31 - 1)  # whole courses stand in one field; lines have a limit
    feed = _CsvFeed(lines)
    reader = csv.reader(iter(feed), strict=True)
    names: Sequence[str] | None = None
    while True:
        feed.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield feed.reject(Reason.INVALID_ROW, f"not CSV: {error}")
            continue
        if not cells:
            continue
        if names is None:
            header = _header(cells, table, name)
            names = header or DUMP_COLUMNS[table]
            if header:
                continue
        try:
            yield _of_cells(cells, names, table)
        except _InvalidRowError as error:
            yield feed.reject(Reason.INVALID_ROW, str(error))
        except UnicodeError:
            yield feed.reject(Reason.INVALID_UTF8, "the row is not UTF-8")


def _header(cells: list[str], table: str, name: str) -> list[str] | None:
    """The column names if the first row holds them; rows of values have a UUID, names not."""
    columns = DUMP_COLUMNS[table]
    names = [cell.strip().lower() for cell in cells]
    if not any(one in columns for one in names) or any(_is_uuid(cell) for cell in cells):
        return None
    unknown = [cell for cell, one in zip(cells, names, strict=True) if one not in columns]
    if unknown:
        raise UsageError(
            f"{name} has columns that the table {table} has not: {', '.join(unknown)}. "
            f"Its columns: {', '.join(columns)}."
        )
    twice = {one for one in names if names.count(one) > 1}
    if twice:
        raise UsageError(f"{name} has a column twice: {', '.join(sorted(twice))}.")
    return names


def _of_cells(cells: list[str], names: Sequence[str], table: str) -> list[object]:
    if len(cells) != len(names):
        raise _InvalidRowError(f"{len(cells)} columns instead of {len(names)}")
    given = dict(zip(names, cells, strict=True))
    row = {}
    for column in DUMP_COLUMNS[table]:
        kind = dump_type(table, column)
        row[column] = _convert(column, kind, given[column]) if column in given else _DEFAULTS[kind]
    return _whole(row, table)


def _whole(row: dict[str, object], table: str) -> list[object]:
    """The values of a row, if those that it cannot do without are there."""
    if table == COURSE_GRANTS.name:
        for column in ("username", "role"):
            if not row[column]:
                raise _InvalidRowError(f"{column}: a grant without one opens nothing")
        if not (row["org"] or row["course_key"]):
            raise _InvalidRowError("org, course_key: a grant names an organisation or a course")
    return list(row.values())


def _convert(column: str, kind: str, text: str) -> object:
    if kind == "String":
        text.encode()  # raises UnicodeError for bytes that were no UTF-8
        return text
    value = text.strip()
    if kind == "UUID":
        if not _is_uuid(value):
            raise _InvalidRowError(f"{column}: {_shown(value)} is not a UUID")
        return UUID(value)
    if kind == MOMENT:
        return _moment(column, value)
    if not value:
        return 0
    limit = 2 ** (_INTEGER_BITS[kind] - 1)
    if not _INTEGER.fullmatch(value) or not -limit <= int(value) < limit:
        raise _InvalidRowError(f"{column}: {_shown(value)} is not a whole number ({kind})")
    return int(value)


def _moment(column: str, value: str) -> datetime | None:
    """The moment of a date and time, in UTC unless it says; of a date alone, the day's end.

    None for nothing, and for what is too far away to matter.
    """
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", value))
    except ValueError:
        raise _InvalidRowError(f"{column}: {_shown(value)} is not a date (and time)") from None
    if moment.year < 1970:
        raise _InvalidRowError(f"{column}: {_shown(value)} is before 1970")
    if moment.year >= NEVER_YEAR:
        return None
    if _DATE.fullmatch(value):
        moment += timedelta(days=1)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", text) is not None


def _shown(value: str) -> str:
    shown = value[:60].encode(errors="replace").decode()
    return f"'{shown}'" if shown else "nothing"


def _reject(line: int, byte: int, raw: bytes, reason: Reason, detail: str) -> Reject:
    return Reject(line, byte, reason, detail, raw[:KEPT_OF_TOO_LARGE])
