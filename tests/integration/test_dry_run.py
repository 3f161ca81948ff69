"""`ingest --dry-run` foresees what `ingest` does, and leaves no trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loader.reading.inputs
from loader.dry_run import Foreseen, foresee, foresee_dump, open_existing
from loader.reading import AS_IT_COMES, Format, Reading, find_sources
from loader.settings import Settings
from tests.command import Command
from tests.statements import lines, statement, text
from tests.warehouse import Warehouse, counted

RECORDS = st.one_of(
    st.integers(1, 9).map(statement),
    st.integers(1, 9).map(lambda n: statement(n, stored="2026-03-02T00:00:00Z")),
    st.integers(1, 9).map(lambda n: statement(n, result={"success": True})),
    st.sampled_from([b"{", b"\xff", b"[]", text(statement(1, id="x"))]),
)
FILES = st.lists(st.lists(RECORDS, max_size=15), min_size=1, max_size=3)


def foreseen(warehouse: Warehouse, names: list[str], reading: Reading) -> list[Foreseen]:
    sources = find_sources([str(warehouse.folder / name) for name in names])
    results = foresee(warehouse.client, sources, warehouse.workers, reading)
    return [result for result in results if isinstance(result, Foreseen)]


def rows_of_all_tables(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "SELECT database, name, total_rows FROM system.tables "
        "WHERE database IN ('xapi', 'event_sink') ORDER BY ALL"
    )


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(RECORDS, max_size=8), FILES, st.integers(200, 5_000))
def test_it_foresees_every_verdict(
    warehouse: Warehouse, there: list[Any], files: list[list[Any]], chunk: int
) -> None:
    warehouse.empty()
    as_lines = Reading(Format.LINES)  # some are broken from their first line to the last
    warehouse.ingest(lines(*there), reading=as_lines)
    names = [f"{number}.jsonl" for number in range(len(files))]
    for name, content in zip(names, files, strict=True):
        (warehouse.folder / name).write_bytes(lines(*content))
    before = rows_of_all_tables(warehouse)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.reading.inputs, "CHUNK_BYTES", chunk)
        told = foreseen(warehouse, names, as_lines)
    assert rows_of_all_tables(warehouse) == before
    landed = [
        warehouse.ingest(lines(*content), name, as_lines)
        for name, content in zip(names, files, strict=True)
    ]
    assert [counted(one) for one in told] == [counted(one) for one in landed]


def test_the_first_lines_that_would_not_land_are_told(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1)))
    faulty = lines(statement(2), statement(1, result={"success": True}), b"{", statement(2), b"[")
    (warehouse.folder / "a.jsonl").write_bytes(faulty)
    (one,) = foreseen(warehouse, ["a.jsonl"], AS_IT_COMES)
    assert counted(one) == (1, 1, 1, 2)
    assert [(told.line, told.reason) for told in one.rejects] == [
        (2, "id_conflict"),
        (3, "invalid_json"),
        (5, "invalid_json"),
    ]


def test_a_dump(warehouse: Warehouse) -> None:
    content = b"id,name\n1,a\nx,b\n"
    path = warehouse.folder / "taxonomy.csv"
    path.write_bytes(content)
    (source,) = find_sources([str(path)], "taxonomy")
    told = foresee_dump(source, "taxonomy")
    assert (told.rejects[0].line, told.rejects[0].reason) == (3, "invalid_row")
    assert warehouse.value("SELECT count() FROM event_sink.taxonomy") == 0
    assert counted(told) == counted(warehouse.ingest_dump(content, "taxonomy"))


def test_nothing_is_made_where_there_is_no_warehouse(command: Command, server: Settings) -> None:
    (command.folder / "a.jsonl").write_bytes(lines(statement(1), statement(1), b"{"))
    done = command("ingest", "--dry-run", "a.jsonl")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.splitlines()[3:] == [
        "1 line would not land.",
        *[line for line in done.stdout.splitlines() if line.startswith("  a.jsonl, line 3: inv")],
        "Nothing was written: 1 statement would land. Next: the same without --dry-run.",
    ]
    told = json.loads(command("ingest", "--dry-run", "--json", "a.jsonl").stdout)
    assert (told["dry_run"], told["landed"], told["duplicates"]) == (True, 1, 1)
    assert [path.name for path in command.folder.iterdir()] == ["a.jsonl"]
    assert json.loads(command("status", "--json").stdout)["initialised"] is False


def test_following_and_a_dry_run_make_no_sense(alone: Command) -> None:
    done = alone("ingest", "--follow", "--dry-run", ".")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: --follow goes on landing what comes, and --dry-run")


def test_no_warehouse_is_no_client(warehouse: Warehouse) -> None:
    nowhere = Settings.embedded(warehouse.folder / "nowhere")
    assert open_existing(nowhere) is None
    assert not nowhere.path.exists()
