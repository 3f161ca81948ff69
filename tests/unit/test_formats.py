"""What an input is, is found out from its content; its records are the same in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import loader.reading.inputs
from loader.envelope import Reason
from loader.errors import LoaderError, UsageError
from loader.limits import Limits
from loader.reading import Format, Reading, find_sources, refuse_tables
from tests.reading import Record, read_inputs, read_one
from tests.statements import statement, text

ONE, TWO = text(statement(1)), text(statement(2, result={"response": "a\nb, \"c\" 'd' é"}))
PRETTY = json.dumps(statement(1), indent=2).encode()


def rows(*cells: Any, delimiter: str = ",", end: str = "\n") -> bytes:
    """CSV as its writers make it; bytes are text."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    for row in cells:
        writer.writerow([one.decode() if isinstance(one, bytes) else one for one in row])
    return made.getvalue().encode()


def tabs(*cells: Any) -> bytes:
    """TabSeparated as ClickHouse makes it; bytes are text."""
    made = ""
    for row in cells:
        values = [one.decode() if isinstance(one, bytes) else one for one in row]
        made += "\t".join(one.translate(ESCAPES) for one in values) + "\n"
    return made.encode()


ESCAPES = str.maketrans(
    {
        "\\": r"\\",
        "\t": r"\t",
        "\n": r"\n",
        "\r": r"\r",
        "\0": r"\0",
        "\b": r"\b",
        "\f": r"\f",
        "'": r"\'",
    }
)


def table(**columns: Any) -> bytes:
    """The bytes of a Parquet file."""
    made = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), made)
    return made.getvalue()


ID, TIME = "00000000-0000-0000-0000-000000000001", "2026-03-01 10:00:00.123456"
HEADER = ("event_id", "emission_time", "event")
BLOCKS = rows(("org", "data"), ("Org", '{"display_name": "x"}'))

SHAPES: dict[str, tuple[bytes, list[bytes]]] = {
    "lines": (ONE + b"\n" + TWO + b"\n", [ONE, TWO]),
    "lines, CRLF": (ONE + b"\r\n" + TWO + b"\r\n", [ONE + b"\r", TWO + b"\r"]),
    "lines after a BOM and blank lines": (b"\xef\xbb\xbf\n\n" + ONE + b"\n" + TWO, [ONE, TWO]),
    "one statement": (ONE, [ONE]),
    "lines, the first broken": (b'{"id": "x\n' + ONE + b"\n", [b'{"id": "x', ONE]),
    "lines, the first no JSON": (b"2 rows\n" + ONE + b"\n" + TWO, [b"2 rows", ONE, TWO]),
    "lines, the first very long": (
        b'{"x": "' + b"y" * 99_000 + b'"}\n{"broken": \n' + ONE,
        [b'{"x": "' + b"y" * 99_000 + b'"}', b'{"broken": ', ONE],
    ),
    "an array": (b"[" + ONE + b",\n " + TWO + b"]", [ONE, TWO]),
    "arrays, one a line": (b"[" + ONE + b"]\n[" + TWO + b"]\n", [ONE, TWO]),
    "a page": (b'{"statements": [' + ONE + b"," + TWO + b'], "more": ""}', [ONE, TWO]),
    "a page that begins with something else": (
        b'{"more": "/x?y",\n "count": 2, "statements": [' + ONE + b"," + TWO + b"]}",
        [ONE, TWO],
    ),
    "a page larger than what is looked at": (
        b'{"more": null, "statements" : [' + (ONE + b",") * 300 + TWO + b"]}",
        [ONE] * 300 + [TWO],
    ),
    "pages, one a line": (
        b'{"statements": [' + ONE + b']}\n{"statements": [' + TWO + b"]}\n",
        [ONE, TWO],
    ),
    "printed on many lines": (PRETTY + b"\n" + PRETTY, [PRETTY, PRETTY]),
    "one after the other on one line": (ONE + TWO + b" " + ONE + b"\n", [ONE, TWO, ONE]),
    "lines that end with CR alone": (ONE + b"\r" + TWO + b"\r", [ONE, TWO]),
    "each ended by NUL": (ONE + b"\0" + TWO + b"\0", [ONE, TWO]),
    "CSV": (rows(HEADER, (ID, TIME, ONE), (ID, TIME, TWO)), [ONE, TWO]),
    "CSV without a header": (rows((ID, TIME, ONE), (ID, TIME, TWO)), [ONE, TWO]),
    "CSV, CRLF and BOM": (b"\xef\xbb\xbf" + rows(HEADER, (ID, TIME, ONE), end="\r\n"), [ONE]),
    "CSV, semicolons": (rows(("when", "Statement"), (TIME, TWO), delimiter=";"), [TWO]),
    "CSV, tabs, any name": (rows(("a", "b"), (TIME, TWO), delimiter="\t"), [TWO]),
    "tabs and escapes": (tabs(HEADER, (ID, TIME, ONE), (ID, TIME, TWO)), [ONE, TWO]),
    "tabs and escapes, CRLF": (tabs(HEADER, (ID, TIME, TWO)).replace(b"\n", b"\r\n"), [TWO]),
    "tabs and escapes, no header": (tabs((TIME, TWO), (TIME, ONE)), [TWO, ONE]),
    "tabs and escapes, the statement first": (tabs(("Event", "at"), (TWO, TIME)), [TWO]),
    "tabs and escapes, the same without header": (tabs((TWO, TIME), (ONE, TIME)), [TWO, ONE]),
    "tabs and escapes, of JSON on many lines": (tabs(HEADER, (ID, TIME, PRETTY)), [PRETTY]),
    "tabs alone": (b"at\tevent\n1\t" + TWO + b"\n2\t" + ONE, [TWO, ONE]),
    "JSON between tabs": (ONE + b"\t" + TWO + b"\n", [ONE, TWO]),
    "CSV of one column": (rows(("statement",), (ONE,), (TWO,)), [ONE, TWO]),
    "CSV of a log server": (
        rows(("timestamp", "source", "message"), (TIME, "lms", ONE)),
        [ONE],
    ),
    "Parquet": (table(event_id=[ID] * 2, emission_time=[1, 2], event=[ONE, TWO]), [ONE, TWO]),
    "Parquet of text": (table(Event=[ONE.decode(), TWO.decode()]), [ONE, TWO]),
    "nothing": (b"", []),
    "blanks": (b" \n\r\n", []),
    "words": (b"no\nstatements, here\n", [b"no", b"statements, here"]),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [64, 8 * 1024 * 1024])
def test_every_shape_gives_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, size: int
) -> None:
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", size)
    content, expected = SHAPES[shape]
    (tmp_path / "any name").write_bytes(content)
    read = read_one(tmp_path / "any name")
    assert read.texts == expected
    assert read.rejects == []


def test_places_in_csv_are_those_of_the_rows(tmp_path: Path) -> None:
    content = rows(HEADER, (ID, "a\nb", ONE), (ID, TIME, TWO))
    (tmp_path / "x.csv").write_bytes(content)
    first, second = content.index(b"\n") + 1, content.rindex(b'"' + ID.encode())
    assert read_one(tmp_path / "x.csv").records == [Record(1, first, ONE), Record(3, second, TWO)]


def test_a_row_of_parquet_is_found_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(table(event=[ONE, None, b" ", TWO]))
    read = read_one(tmp_path / "x.parquet")
    assert [(one.line, one.text) for one in read.records] == [(0, ONE), (3, TWO)]
    assert [(one.line, one.reason) for one in read.rejects] == [
        (1, Reason.INVALID_ROW),
        (2, Reason.INVALID_ROW),
    ]


BAD_ROWS = [
    (b'%s,x,"{""a"": 1}" y\n' % ID.encode(), "not CSV: ',' expected after '\"'"),
    (rows((ID, TIME)), "2 columns instead of 3"),
    (rows((ID, TIME, ONE, "more")), "4 columns instead of 3"),
    (rows((ID, TIME, " ")), "event: nothing"),
    (b'%s,x,"{""a"": 1}\n' % ID.encode(), "2 columns instead of 3"),  # with the next row
]


@pytest.mark.parametrize(("bad", "detail"), BAD_ROWS)
@pytest.mark.parametrize("size", [64, 8 * 1024 * 1024])
def test_a_broken_row_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: bytes, detail: str, size: int
) -> None:
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", size)
    good = rows((ID, TIME, ONE))
    content = rows(HEADER) + good + bad + good * 3
    (tmp_path / "x.csv").write_bytes(content)
    read = read_one(tmp_path / "x.csv")
    assert read.texts == [ONE] * 4
    (reject,) = read.rejects
    assert (reject.line, reject.byte) == (2, content.index(bad))
    assert (reject.raw, reject.reason) == (bad.rstrip(b"\n"), Reason.INVALID_ROW)
    assert read.size == len(content)


def test_a_quote_that_is_never_closed_costs_its_line_alone(tmp_path: Path) -> None:
    good = rows((ID, TIME, ONE))
    content = rows(HEADER) + good + b'x,"y\n' + good * 50
    (tmp_path / "x.csv").write_bytes(content)
    read = read_one(tmp_path / "x.csv", Reading(limits=Limits(statement_bytes=2_000)))
    assert read.texts == [ONE] * 51
    assert [one.raw for one in read.rejects] == [b'x,"y']


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.text("ab,;\"'\n\r\t {}é", max_size=12), min_size=2, max_size=2), max_size=8
    ),
    st.integers(1, 60),
)
def test_whatever_a_csv_writer_writes_is_read(
    tmp_path: Path, cells: list[list[str]], size: int
) -> None:
    made = [(one, json.dumps({"verb": other}, ensure_ascii=False)) for one, other in cells]
    (tmp_path / "x.csv").write_bytes(rows(("a", "event"), *made))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.reading.inputs, "CHUNK_BYTES", size)
        read = read_one(tmp_path / "x.csv")
    assert read.texts == [statement.encode() for _, statement in made]
    assert read.rejects == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text("ab\"'\\\n\r\t\0\b {}é", max_size=12), min_size=1, max_size=8),
    st.integers(1, 60),
)
def test_whatever_is_escaped_between_tabs_is_read(
    tmp_path: Path, responses: list[str], size: int
) -> None:
    made = [json.dumps({"verb": one}, ensure_ascii=False) for one in responses]
    (tmp_path / "x.tsv").write_bytes(tabs(("a", "event"), *((one, one) for one in made)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.reading.inputs, "CHUNK_BYTES", size)
        read = read_one(tmp_path / "x.tsv")
    assert read.texts == [one.encode() for one in made]
    assert read.rejects == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text('ab,"\n\r{}', max_size=80).map(str.encode) | st.binary(max_size=60))
def test_no_bytes_after_a_header_are_lost(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,event\n" + content)
    read = read_one(tmp_path / "x.csv", Reading(Format.CSV))
    assert read.size == len(content) + len(b"a,event\n")
    places = [one.line for one in read.records] + [one.line for one in read.rejects]
    assert len(set(places)) == len(places)
    for line, one in enumerate(content.split(b"\n"), start=1):
        if one.strip() and line not in places:  # then it belongs to a row that begins before
            assert any(place < line for place in places)


def test_tables_without_statements(tmp_path: Path) -> None:
    (tmp_path / "blocks.csv").write_bytes(BLOCKS)
    (tmp_path / "s.jsonl").write_bytes(ONE)
    assert read_inputs(tmp_path / "s.jsonl") == read_inputs(tmp_path)[1:]
    assert read_inputs(tmp_path)[0] == str(tmp_path / "blocks.csv")
    named = find_sources([str(tmp_path / "blocks.csv")])
    with pytest.raises(UsageError, match=r"blocks\.csv is not statements but a table: `loader in"):
        refuse_tables(named, Reading())
    (tmp_path / "other").write_bytes(table(id=[1]))
    with pytest.raises(LoaderError, match=r"other has no column of statements \(event, .* has id"):
        read_one(tmp_path / "other")
    (tmp_path / "other").write_bytes(table(event=[{"id": 1}]))
    with pytest.raises(LoaderError, match=r"the column event is struct.* not the text of"):
        read_one(tmp_path / "other")


@pytest.mark.parametrize(
    ("content", "told", "expected"),
    [
        (b'{"statements": [1]}', Format.LINES, [b'{"statements": [1]}']),
        (b"words, only", Format.JSON, [b"words", b"only"]),
        (b'a,event\n1,"x"\n', Format.CSV, [b"x"]),
        (table(event=[b"x"]), Format.PARQUET, [b"x"]),
    ],
)
def test_a_format_that_is_told_is_believed(
    tmp_path: Path, content: bytes, told: Format, expected: list[bytes]
) -> None:
    (tmp_path / "x").write_bytes(content)
    assert read_one(tmp_path / "x", Reading(told)).texts == expected


def test_a_format_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(ONE)
    with pytest.raises(LoaderError, match=r"Cannot read .*x further: .*arquet"):
        read_one(tmp_path / "x", Reading(Format.PARQUET))
    with pytest.raises(UsageError, match="is not statements but a table"):
        read_one(tmp_path / "x", Reading(Format.CSV))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (ONE.decode().encode("utf-16"), "is UTF-16 text: convert it to UTF-8 first"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "is a 7z archive: unpack it first"),
        (b"Rar!\x1a\x07\x01\x00", "is a rar archive: unpack it first"),
        (b"\x04\x22\x4d\x18\x64", "is compressed with lz4: unpack it first"),
        (table(event=[ONE])[:-20], "Cannot read .* further: "),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(LoaderError, match=what):
        read_one(tmp_path / "x")
