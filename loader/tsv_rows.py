"""Values of tables that escape instead of quote: TabSeparated of ClickHouse, and its likes.

A row is a line there; backslashes stand before what would end a value or a line, and
before themselves. MySQL (`SELECT … INTO OUTFILE`) and PostgreSQL (`COPY`) write the same.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_MEANINGS = {"0": "\0", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "": "\\"}
# JSON escapes these with one backslash, of which TabSeparated makes two.
_ESCAPED_BY_JSON_ALONE = re.compile(r'(?<!\\)(?:\\\\)*\\["u/]')


def is_escaped(text: str, columns: int, column: int) -> bool:
    """Whether a table of statements that begins like `text` has escapes of its own.

    Else its values are quoted, or stand as they are (TabSeparatedRaw), which is told by
    the escapes of the statements themselves.
    """
    rows = [line.split("\t") for line in text.split("\n")]
    begins = {row[column][:1] for row in rows if len(row) == columns}
    is_quoted = '"' in begins or begins.isdisjoint("{[")
    return not is_quoted and _ESCAPED_BY_JSON_ALONE.search(text) is None


def unescaped(value: str) -> str:
    """A value as it was before backslashes were put in."""
    return _ESCAPE.sub(lambda found: _MEANINGS.get(found[1], found[1]), value)
