"""Odd bytes in files: each has a verdict, and what is rejected is kept as it came.

The table in docs/inputs.md says the same for people.
"""

from __future__ import annotations

import pytest

from tests.statements import lines, statement, text
from tests.warehouse import Warehouse, counted

ONE, TWO = text(statement(1)), text(statement(2))


def changed(old: bytes, new: bytes) -> bytes:
    assert old in ONE
    return ONE.replace(old, new)


WITH = b'"verb"'

LANDS: dict[str, tuple[bytes, bytes]] = {
    "byte-order mark at the start": (b"\xef\xbb\xbf" + ONE + b"\n", ONE),
    "byte-order mark inside, files put together": (b"\n\xef\xbb\xbf" + ONE + b"\n", ONE),
    "CRLF": (ONE + b"\r\n", ONE),
    "blanks around": (b" \t" + ONE + b" \r\n", ONE),
    "no end of line": (ONE, ONE),
    "NUL written \\u0000": (changed(WITH, b'"x": "\\u0000", "verb"') + b"\n",) * 2,
    "duplicate keys": (changed(WITH, b'"x": 1, "x": 2, "verb"') + b"\n",) * 2,
    "NaN and Infinity": (changed(WITH, b'"x": [NaN, -Infinity], "verb"') + b"\n",) * 2,
    "U+2028 and U+0085 end no line": (changed(WITH, '"x": "\u2028\x85", "verb"'.encode()),) * 2,
    "numbers of any size": (changed(WITH, b'"x": [1e999, -1e-999, 1' + b"0" * 400 + b'], "verb"'),)
    * 2,
    "surrogates in a pair": (changed(WITH, b'"x": "\\ud83d\\ude00", "verb"') + b"\n",) * 2,
}

REJECTED: dict[str, tuple[bytes, str]] = {
    "NUL in a text": (changed(WITH, b'"x": "\0", "verb"'), "invalid_json"),
    "NUL alone": (b"\0\0\0", "invalid_json"),
    "NUL before a statement": (b"\0" + ONE, "invalid_json"),
    "half a surrogate pair": (changed(WITH, b'"x": "\\ud800", "verb"'), "invalid_json"),
    "the other half": (changed(WITH, b'"x": "\\ude00", "verb"'), "invalid_json"),
    "a surrogate in UTF-8": (changed(WITH, b'"x": "\xed\xa0\x80", "verb"'), "invalid_utf8"),
    "Latin-1": (changed(WITH, b'"x": "caf\xe9", "verb"'), "invalid_utf8"),
    "an overlong form": (changed(WITH, b'"x": "\xc0\x80", "verb"'), "invalid_utf8"),
    "a tab in a text": (changed(WITH, b'"x": "\t", "verb"'), "invalid_json"),
    "two statements on a line": (ONE + ONE, "invalid_json"),
    "a comma at the end": (ONE + b",", "invalid_json"),
    "a line of an array": (b"[" + ONE + b"]", "not_an_object"),
    "an integer of 4,301 digits": (
        changed(WITH, b'"x": 1' + b"0" * 4_300 + b', "verb"'),
        "invalid_json",
    ),
    "half a statement": (ONE[:-20], "invalid_json"),
    "a comment": (b"// " + ONE, "invalid_json"),
}


@pytest.mark.parametrize("what", LANDS)
def test_odd_bytes_that_land(warehouse: Warehouse, what: str) -> None:
    content, expected = LANDS[what]
    assert counted(warehouse.ingest(content)) == (1, 0, 0, 0)
    assert warehouse.events == [expected.strip().decode()]


def test_odd_bytes_that_are_rejected(warehouse: Warehouse) -> None:
    content = lines(TWO, *(line for line, _ in REJECTED.values()))
    load = warehouse.ingest(content)
    assert counted(load) == (1, 0, 0, len(REJECTED))
    kept = warehouse.client.query(
        "SELECT line, byte_offset, reason, raw FROM xapi.rejected_statements ORDER BY line",
        column_formats={"raw": "bytes"},
    ).result_rows
    for (what, (raw, reason)), found in zip(REJECTED.items(), kept, strict=True):
        line, byte, found_reason, found_raw = found
        assert (found_reason, found_raw) == (reason, raw), what
        assert content[byte : byte + len(raw)] == raw, what
        assert content.count(b"\n", 0, byte) + 1 == line, what
