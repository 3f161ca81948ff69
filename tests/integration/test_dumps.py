"""Dumps of courses and users: CSV and JSON in, typed rows and rejects out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import zstandard

import loader.dump_rows
import loader.dumps
from loader.dumps import ingest_dump
from loader.errors import LoaderError, UsageError
from loader.generate import GeneratorOptions, generate
from loader.reading import find_sources
from loader.schema import EVENT_SINKS, SINK_COLUMNS
from tests.command import Command
from tests.warehouse import Warehouse, counted

DUMP = "bce444e6-5be0-4b89-aabe-e3b6784584f6"
WHEN = "2026-11-01 02:30:00.022061+00:00"
HEADER = "id,taxonomy,parent,value,external_id,lineage,dump_id,time_last_dumped\n"
ROWS = (
    f'1,1,,Sciences,T1,"[""Sciences""]",{DUMP},{WHEN}\n'
    f'2,1,1,"Two\nlines, and a comma",,"[]",{DUMP},{WHEN}\n'
)
EXPECTED = [
    (1, 1, 0, "Sciences", "T1", '["Sciences"]', UUID(DUMP), WHEN),
    (2, 1, 1, "Two\nlines, and a comma", "", "[]", UUID(DUMP), WHEN),
]


def ingest(
    warehouse: Warehouse, content: str | bytes, table: str = "tag", name: str = "tag.csv"
) -> tuple[int, int, int, int]:
    path = warehouse.folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (source,) = find_sources([str(path)], table)
    return counted(ingest_dump(warehouse.client, source, table))


def tags(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows("SELECT * EXCEPT received_at FROM event_sink.tag FINAL ORDER BY id")


def as_json(value: object) -> str:
    return json.dumps(value, default=str)


OBJECTS = [dict(zip(SINK_COLUMNS["tag"], row, strict=True)) for row in EXPECTED]
JSON_LINES = "".join(as_json(one) + "\n" for one in OBJECTS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("with header.csv", HEADER + ROWS),
        ("without header.csv", ROWS),
        ("byte order mark.csv", "\ufeff" + HEADER + ROWS),
        ("CRLF.csv", (HEADER + ROWS.replace("Two\nlines", "Two¶lines")).replace("\n", "\r\n")),
        ("no end of line.csv", (HEADER + ROWS).rstrip("\n")),
        ("blank lines.csv", "\n" + HEADER + "\n" + ROWS + "\n"),
        ("upper case, spaces.csv", HEADER.upper().replace(",", " , ") + ROWS),
        ("any name", HEADER + ROWS),
        ("packed.csv.gz", gzip.compress((HEADER + ROWS).encode())),
        ("packed.csv.zst", zstandard.compress((HEADER + ROWS).encode())),
        ("objects.jsonl", JSON_LINES),
        ("objects.csv", "\ufeff\n" + JSON_LINES),
        ("array.json", as_json(OBJECTS)),
        ("array.jsonl", as_json(OBJECTS)),
        ("values.json.gz", gzip.compress(json.dumps(OBJECTS[0], default=str, indent=1).encode())),
    ],
)
def test_every_shape_of_a_dump_gives_the_same_rows(
    warehouse: Warehouse, name: str, content: str | bytes
) -> None:
    expected = EXPECTED[:1] if name.startswith("values") else EXPECTED
    assert ingest(warehouse, content, name=name) == (len(expected), 0, 0, 0)
    found = [tuple(str(value).replace("¶", "\n") for value in row) for row in tags(warehouse)]
    assert found == [tuple(map(str, row)) for row in expected]


def test_columns_in_another_order_and_some_missing(warehouse: Warehouse) -> None:
    assert ingest(warehouse, "value,id\nSciences,7\n") == (1, 0, 0, 0)
    assert ingest(warehouse, '{"id": 8}', name="tag.jsonl") == (1, 0, 0, 0)
    assert tags(warehouse) == [
        (7, 0, 0, "Sciences", "", "", UUID(int=0), ""),
        (8, 0, 0, "", "", "", UUID(int=0), ""),
    ]


def test_json_values_become_text(warehouse: Warehouse) -> None:
    row = {"value": True, "external_id": 1.5, "lineage": ["Ä", {"x": None}], "parent": None}
    assert ingest(warehouse, json.dumps(row), name="tag.jsonl") == (1, 0, 0, 0)
    ((*_, parent, value, external_id, lineage, _, _),) = tags(warehouse)
    assert (parent, value, external_id) == (0, "true", "1.5")
    assert lineage == '["Ä", {"x": null}]'


def test_unknown_columns_are_named(warehouse: Warehouse) -> None:
    with pytest.raises(UsageError, match=r"columns that the table tag has not: name, Size\. Its"):
        ingest(warehouse, "id,name,Size\n1,2,3\n")
    with pytest.raises(UsageError, match="has a column twice: id"):
        ingest(warehouse, "id,id\n1,2\n")
    assert warehouse.value("SELECT count() FROM xapi.loads") == 0


BAD_ROWS = [
    (f"x,1,,a,,,{DUMP},now", "invalid_row", "id: 'x' is not a whole number (Int64)"),
    (f"1.5,1,,a,,,{DUMP},now", "invalid_row", "id: '1.5' is not a whole number (Int64)"),
    (f"1,{2**63},,a,,,{DUMP},now", "invalid_row", f"taxonomy: '{2**63}' is not a whole number"),
    ("1,1,,a,,,beef,now", "invalid_row", "dump_id: 'beef' is not a UUID"),
    ("1,1,,a,,,,now", "invalid_row", "dump_id: nothing is not a UUID"),
    ("1,1", "invalid_row", "2 columns instead of 8"),
    (f"1,1,,a,,,{DUMP},now,more", "invalid_row", "9 columns instead of 8"),
    (f'1,1,,"a"b,,,{DUMP},now', "invalid_row", "not CSV: "),
]


def test_bad_rows_are_rejected_with_their_place(warehouse: Warehouse) -> None:
    content = HEADER + ROWS + "".join(f"{row}\n" for row, _, _ in BAD_ROWS) + ROWS
    assert ingest(warehouse, content) == (4, 0, 0, len(BAD_ROWS))
    found = warehouse.rows(
        "SELECT line, byte_offset, reason, detail, raw FROM xapi.rejected_statements ORDER BY line"
    )
    for line, (told, (row, reason, detail)) in enumerate(zip(found, BAD_ROWS, strict=True), 5):
        assert told[:3] == (line, content.index(f"\n{row}\n") + 1, reason)
        assert told[3].startswith(detail)
        assert told[4] == row
    assert warehouse.rows("SELECT lines, landed, rejected FROM xapi.loads") == [(12, 4, 8)]


def test_bad_json_rows(warehouse: Warehouse) -> None:
    rows = [b'{"id": 1, "colour": 2}', b"{broken", b"[]", b'{"id": [1]}', b'{"value": "\xff"}']
    content = b'{"id": 1}\n' + b"\n".join(rows)
    assert ingest(warehouse, content, name="tag.jsonl") == (1, 0, 0, 5)
    assert warehouse.rows("SELECT line, reason FROM xapi.rejected_statements ORDER BY line") == [
        (2, "invalid_row"),
        (3, "invalid_json"),
        (4, "invalid_row"),
        (5, "invalid_row"),
        (6, "invalid_utf8"),
    ]


def test_bytes_that_are_no_utf8_reject_their_row(warehouse: Warehouse) -> None:
    content = HEADER.encode() + f"1,1,,caf\xe9,,,{DUMP},now\n".encode("latin-1") + ROWS.encode()
    assert ingest(warehouse, content) == (2, 0, 0, 1)
    (kept,) = warehouse.rows("SELECT line, reason, hex(raw) FROM xapi.rejected_statements")
    assert kept == (2, "invalid_utf8", content.splitlines()[1].hex().upper())


def test_a_quote_that_never_ends_costs_what_follows_it_and_is_said(warehouse: Warehouse) -> None:
    swallowed = f"4,1,,a,,,{DUMP},now\n" * 3
    content = HEADER + ROWS + f'3,1,,"open,,,{DUMP},now\n' + swallowed
    assert ingest(warehouse, content) == (2, 0, 0, 1)
    assert warehouse.rejects[0][0] == 5


def test_whole_numbers_of_32_bits(warehouse: Warehouse) -> None:
    for order, landed in ((2**31 - 1, 1), (2**31, 0), (-(2**31), 1)):
        content = f"location,order,dump_id\nblock,{order},{DUMP}\n"
        assert ingest(warehouse, content, "course_blocks")[0] == landed


def test_a_dump_again_is_the_same_rows(warehouse: Warehouse) -> None:
    assert ingest(warehouse, HEADER + ROWS) == (2, 0, 0, 0)
    assert ingest(warehouse, HEADER + ROWS) == (2, 0, 0, 0)
    assert len(tags(warehouse)) == 2


def test_many_batches(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader.dumps, "BATCH_ROWS", 7)
    monkeypatch.setattr(loader.dump_rows, "READ_BYTES", 50)
    rows = "".join(f'{number},1,,"a\nb",,,{DUMP},now\n' for number in range(1, 41))
    assert ingest(warehouse, HEADER + rows) == (40, 0, 0, 0)
    assert [row[0] for row in tags(warehouse)] == list(range(1, 41))


def test_large_fields_land_and_endless_lines_end_it(warehouse: Warehouse) -> None:
    large = "x" * 1_000_000
    assert ingest(warehouse, HEADER + f"1,1,,{large},,,{DUMP},now\n") == (1, 0, 0, 0)
    assert warehouse.value("SELECT length(value) FROM event_sink.tag") == 1_000_000
    with pytest.raises(LoaderError, match=r"Line 2 of .* is longer than 16 MiB"):
        ingest(warehouse, HEADER + "x" * (18 * 1024 * 1024))


def test_an_empty_dump(warehouse: Warehouse) -> None:
    assert ingest(warehouse, "") == (0, 0, 0, 0)
    assert ingest(warehouse, HEADER) == (0, 0, 0, 0)
    assert warehouse.value("SELECT count() FROM xapi.loads") == 2


def test_everything_the_generator_writes_lands(warehouse: Warehouse, tmp_path: Path) -> None:
    generate(tmp_path, GeneratorOptions(statements=500))
    for table in EVENT_SINKS:
        content = (tmp_path / f"{table}.csv").read_text()
        landed, *others = ingest(warehouse, content, table, "dump.csv")
        assert landed > 0
        assert others == [0, 0, 0]
        assert warehouse.value(f"SELECT count() FROM event_sink.{table}") == landed


def test_the_command(command: Command) -> None:
    (command.folder / "tag.csv").write_text(HEADER + ROWS + "1,1\n")
    done = command("ingest", "--table", "tag", "tag.csv", "--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert (told["lines"], told["landed"], told["rejected"]) == (3, 2, 1)
    shown = command("ingest", "--table", "tag", "-", stdin=(HEADER + ROWS).encode())
    assert shown.returncode == 0
    assert "2 rows in " in shown.stdout
    wrong = command("ingest", "--table", "taxonomy", "tag.csv")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("Error: tag.csv has columns that the table taxonomy has not: ")
