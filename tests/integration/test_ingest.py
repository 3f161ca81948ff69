"""Files in, rows and verdicts out, on real engines."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import pytest
import zstandard

import loader.blocks
import loader.ingestion
import loader.reading.inputs
from loader.envelope import identify
from loader.errors import LoaderError
from tests.statements import REMOVED, Statement, lines, statement, text
from tests.warehouse import Warehouse, counted

MANY = [statement(number) for number in range(1, 201)]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of about three statements, batches of about ten: many of both in small files."""
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(loader.ingestion, "BATCH_BYTES", 3000)


def test_the_text_lands_as_it_came(warehouse: Warehouse) -> None:
    odd = b'{"verb":{"id":"a:b"} ,"actor":{"mbox":"mailto:a@b"},\t"object":{"id":"x"},' + (
        b'"id":"00000000-0000-0000-0000-0000000000AB","timestamp":"2026-01-01T00:00:00.5Z","\\u00e9":"\xc3\xa9"}'
    )
    load = warehouse.ingest(odd + b"\n")
    assert counted(load) == (1, 0, 0, 0)
    assert warehouse.events == [odd.decode()]
    assert warehouse.rows(
        "SELECT toString(event_id), toString(emission_time), load_id, source "
        "FROM xapi.xapi_events_all"
    ) == [
        (
            "00000000-0000-0000-0000-0000000000ab",
            "2026-01-01 00:00:00.500000",
            load.load_id,
            load.source,
        )
    ]


def test_again_is_all_duplicates(warehouse: Warehouse) -> None:
    content = lines(*MANY)
    assert counted(warehouse.ingest(content)) == (200, 0, 0, 0)
    assert counted(warehouse.ingest(content)) == (0, 200, 0, 0)
    assert len(warehouse.events) == 200


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("most", [0, 256], ids=["in worker processes", "in threads"])
def test_many_chunks_and_batches_land(
    warehouse: Warehouse, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.blocks, "_MOST_OTHERS", most)
    content = lines(*MANY, b"broken", MANY[0], statement(1, result={"success": True}))
    load = warehouse.ingest(content)
    assert counted(load) == (200, 1, 1, 1)
    assert load.bytes == len(content)
    first = content.index(b"broken")
    last = content.rindex(b'\n{"id"') + 1
    assert warehouse.rejects == [(201, first, "invalid_json"), (203, last, "id_conflict")]
    assert warehouse.events == [text(one).decode() for one in MANY]


@pytest.mark.usefixtures("small_chunks")
def test_what_is_left_at_the_end_lands_in_two_halves(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk = lines(*MANY[100:104])
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", len(chunk) - 1)
    monkeypatch.setattr(loader.ingestion, "BATCH_BYTES", 12 * len(chunk))
    monkeypatch.setattr(loader.ingestion, "FIRST_BATCH_BYTES", 12 * len(chunk))
    long, short = warehouse.ingest(lines(*MANY[100:180])), warehouse.ingest(lines(*MANY[180:]))
    inserts = "SELECT load_id, count() FROM xapi.xapi_events_all GROUP BY 1, received_at ORDER BY 2"
    assert warehouse.rows(inserts) == [
        (long.load_id, 16),
        (long.load_id, 16),
        (short.load_id, 20),
        (long.load_id, 48),
    ]


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("name", ["s.json", "s.jsonl.gz", "s.ndjson.zst", "s.json.gz"])
def test_every_packing_lands_the_same(warehouse: Warehouse, name: str) -> None:
    content = json.dumps({"more": "", "statements": MANY}).encode()
    if "jsonl" in name or "ndjson" in name:
        content = lines(*MANY)
    if name.endswith(".gz"):
        content = gzip.compress(content)
    elif name.endswith(".zst"):
        content = zstandard.compress(content)
    assert counted(warehouse.ingest(content, name)) == (200, 0, 0, 0)
    assert [json.loads(event) for event in warehouse.events] == MANY


def test_packed_content_under_a_plain_name_is_seen(warehouse: Warehouse) -> None:
    assert counted(warehouse.ingest(gzip.compress(lines(*MANY)), "plain.jsonl")) == (200, 0, 0, 0)


ONE = statement(1)
OTHER = statement(1, result={"success": False})
RESTORED = statement(1, stored="2026-03-02T00:00:00Z", authority={"mbox": "mailto:lrs@x"})


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(ONE, ONE, (0, 1, 0, 0), id="same"),
        pytest.param(ONE, dict(reversed(ONE.items())), (0, 1, 0, 0), id="other order of keys"),
        pytest.param(ONE, RESTORED, (0, 1, 0, 0), id="a store added to it"),
        pytest.param(ONE, OTHER, (0, 0, 1, 0), id="other content"),
        pytest.param(OTHER, ONE, (0, 0, 1, 0), id="other content, the other way round"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_an_id_that_comes_twice(
    warehouse: Warehouse,
    first: Statement,
    second: Statement,
    expected: tuple[int, int, int, int],
    together: bool,
) -> None:
    if together:
        landed, *others = counted(warehouse.ingest(lines(first, second)))
        assert (landed - 1, *others) == expected
    else:
        warehouse.ingest(lines(first), "first.jsonl")
        assert counted(warehouse.ingest(lines(second), "second.jsonl")) == expected
    assert warehouse.events == [text(first).decode()]
    if expected[2]:
        kept = warehouse.rows("SELECT reason, raw FROM xapi.rejected_statements")
        assert kept == [("id_conflict", text(second).decode())]


def test_the_first_of_three_stays_and_the_others_are_kept(warehouse: Warehouse) -> None:
    versions = [statement(1, result={"response": str(number)}) for number in range(3)]
    assert counted(warehouse.ingest(lines(*versions, versions[0]))) == (1, 1, 2, 0)
    assert counted(warehouse.ingest(lines(*versions))) == (0, 1, 2, 0)
    assert warehouse.events == [text(versions[0]).decode()]
    assert [reason for _, _, reason in warehouse.rejects] == ["id_conflict"] * 4


def test_the_same_id_at_another_time_is_a_conflict(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(ONE))
    moved = statement(1, timestamp="2025-01-01T00:00:00Z")
    assert counted(warehouse.ingest(lines(moved))) == (0, 0, 1, 0)


def test_a_statement_without_id_gets_one_from_its_content(warehouse: Warehouse) -> None:
    nameless = statement(1, id=REMOVED)
    assert counted(warehouse.ingest(lines(nameless, nameless))) == (1, 1, 0, 0)
    assert counted(warehouse.ingest(lines(dict(reversed(nameless.items()))))) == (0, 1, 0, 0)
    (found,) = warehouse.rows("SELECT toString(event_id) FROM xapi.xapi_events_all")
    assert found == (identify(text(nameless)),)


def test_a_statement_without_time_says_so(warehouse: Warehouse) -> None:
    timeless = statement(1, timestamp=REMOVED)
    stored = statement(2, timestamp=REMOVED, stored="2026-02-02T02:02:02Z")
    before = datetime.now(timezone.utc)
    load = warehouse.ingest(lines(timeless, stored))
    assert (load.untimed, load.counts.landed) == (1, 2)
    times = warehouse.rows("SELECT emission_time FROM xapi.xapi_events_all ORDER BY event_id")
    opened = times[0][0].replace(tzinfo=timezone.utc)
    assert before <= opened <= datetime.now(timezone.utc)
    assert str(times[1][0].replace(tzinfo=None)) == "2026-02-02 02:02:02"
    assert warehouse.ingest(lines(timeless)).counts.duplicates == 1


@pytest.mark.parametrize(
    ("time", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1900-01-01T00:00:00Z", -2_208_988_800_000_000),
        ("2262-12-31T23:59:59Z", 9_246_182_399_000_000),
        ("2299-12-31T23:59:59Z", 10_413_791_999_000_000),
        ("2026-03-01T12:00:00+05:30", 1_772_346_600_000_000),
        ("2026-03-01T12:00:00", 1_772_366_400_000_000),
        ("2026-03-01T12:00:00.123456789Z", 1_772_366_400_123_456),
    ],
)
def test_times_arrive_exactly(warehouse: Warehouse, time: str, microseconds: int) -> None:
    warehouse.ingest(lines(statement(1, timestamp=time)))
    stored = "SELECT toUnixTimestamp64Micro(emission_time) FROM xapi.xapi_events_all"
    assert warehouse.value(stored) == microseconds
    looked_up = "SELECT toUnixTimestamp64Micro(emission_time) FROM xapi.statement_ids"
    assert warehouse.value(looked_up) == microseconds
    assert warehouse.ingest(lines(statement(1, timestamp=time))).counts.duplicates == 1
    assert warehouse.ingest(lines(statement(1, timestamp=time, x=1))).counts.conflicts == 1


def test_odd_texts_land_unchanged(warehouse: Warehouse) -> None:
    odd = [
        statement(1, result={"score": {"raw": 10**40, "scaled": 1e-300}}),
        statement(2, object={"id": "x:y", "definition": {"name": {"en": "n" * 10_000}}}),
        statement(3, actor={"mbox": "mailto:ürsula@exämple.org", "name": "Ωλ 名前 🎓 \u2028"}),
        statement(4, result={"response": "quote ' backslash \\ tab \t newline \n null \u0000"}),
        statement(5, context={"extensions": {"x:y": [[["deep"]]]}}),
    ]
    texts = [text(one) for one in odd]
    texts.append(text(statement(6)).replace(b'"verb"', b'"nan": NaN, "verb"'))
    texts.append(text(statement(7)).replace(b'"verb"', b'"twice": 1, "twice": 2, "verb"'))
    assert counted(warehouse.ingest(lines(*texts, *texts))) == (7, 7, 0, 0)
    assert warehouse.events == [one.decode() for one in texts]
    assert counted(warehouse.ingest(lines(*texts))) == (0, 7, 0, 0)


def test_rejects_are_kept_verbatim(warehouse: Warehouse) -> None:
    broken = [b'{"not": "closed"', b"\xff\xfe", b"\x00\x00", b"'; DROP TABLE x; --\t\\N"]
    load = warehouse.ingest(lines(statement(1), *broken))
    assert counted(load) == (1, 0, 0, 4)
    kept = warehouse.rows(
        "SELECT line, reason, hex(raw), load_id = {id:UUID} FROM xapi.rejected_statements "
        "ORDER BY line",
        id=load.load_id,
    )
    reasons = ["invalid_json", "invalid_utf8", "invalid_json", "invalid_json"]
    assert kept == [
        (line, reason, raw.hex().upper(), 1)
        for line, (reason, raw) in enumerate(zip(reasons, broken, strict=True), start=2)
    ]


def test_more_months_than_an_insert_usually_takes(warehouse: Warehouse) -> None:
    months = [
        statement(year * 12 + month, timestamp=f"{year}-{month:02}-01T00:00:00Z")
        for year in range(2000, 2013)
        for month in range(1, 13)
    ]
    assert counted(warehouse.ingest(lines(*months))) == (156, 0, 0, 0)
    assert len(warehouse.events) == 156


def test_a_load_writes_its_row_and_it_adds_up(warehouse: Warehouse) -> None:
    content = lines(ONE, ONE, OTHER, b"broken", b"", b"  ", statement(2))
    load = warehouse.ingest(content)
    row = warehouse.rows(
        "SELECT load_id, source, bytes, lines, landed, duplicates, conflicts, rejected, "
        "lines = landed + duplicates + conflicts + rejected, finished_at >= started_at "
        "FROM xapi.loads"
    )
    assert row == [(load.load_id, load.source, len(content), 5, 2, 1, 1, 1, 1, 1)]
    latest = "(SELECT max(received_at) FROM xapi.{})"
    for table in ("xapi_events_all", "rejected_statements"):
        written_last = f"SELECT min(finished_at) >= {latest.format(table)} FROM xapi.loads"
        assert warehouse.value(written_last) == 1


def test_an_empty_file_is_a_load_of_nothing(warehouse: Warehouse) -> None:
    for name in ("empty.jsonl", "empty.json", "empty.jsonl.gz"):
        assert counted(warehouse.ingest(b"", name)) == (0, 0, 0, 0)
    assert warehouse.value("SELECT sum(lines) FROM xapi.loads") == 0
    assert warehouse.value("SELECT count() FROM xapi.loads") == 3


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("damage", ["truncated", "damaged"])
def test_a_damaged_file_is_said_and_the_repaired_one_completes(
    warehouse: Warehouse, damage: str
) -> None:
    whole = gzip.compress(lines(*MANY), mtime=0)
    half = len(whole) // 2
    broken = whole[:half] if damage == "truncated" else whole[:half] + b"\xff" * 50 + whole[half:]
    with pytest.raises(LoaderError, match=r"Cannot read .* further: .*What has landed stays"):
        warehouse.ingest(broken, "export.jsonl.gz")
    assert warehouse.value("SELECT count() FROM xapi.loads") == 0
    landed = len(warehouse.events)
    assert landed > 0
    assert counted(warehouse.ingest(whole, "export.jsonl.gz")) == (200, 0, 0, 0)
    assert warehouse.value("SELECT landed FROM xapi.loads") == 200
    assert warehouse.events == [text(one).decode() for one in MANY]


@pytest.mark.usefixtures("small_chunks")
def test_of_files_read_at_once_the_first_is_the_first(warehouse: Warehouse) -> None:
    for number in range(6):
        made = [statement(one, result={"response": f"{number}"}) for one in range(50)]
        content = lines(*made)
        path = warehouse.folder / f"{number}.jsonl.gz"
        path.write_bytes(gzip.compress(content) if number % 2 else content)
    loads = warehouse.ingest_all([str(warehouse.folder)])
    assert [counted(load) for load in loads] == [(50, 0, 0, 0)] + [(0, 0, 50, 0)] * 5
    assert {json.loads(event)["result"]["response"] for event in warehouse.events} == {"0"}


def test_an_archive_is_a_load_for_each_of_its_files(warehouse: Warehouse) -> None:
    path = warehouse.folder / "dump.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/one.jsonl", lines(ONE, b"broken"))
        archive.writestr("README.md", b"hello")
        archive.writestr("two.json.gz", gzip.compress(b"[" + text(OTHER) + b"]"))
    assert [counted(load) for load in warehouse.ingest_all([str(path)])] == [
        (1, 0, 0, 1),
        (0, 0, 1, 0),
    ]
    rows = "SELECT source, line, reason FROM xapi.rejected_statements ORDER BY source"
    assert warehouse.rows(rows) == [
        (f"{path}/a/one.jsonl", 2, "invalid_json"),
        (f"{path}/two.json.gz", 1, "id_conflict"),
    ]
    loads = "SELECT source, lines FROM xapi.loads ORDER BY source"
    assert warehouse.rows(loads) == [(f"{path}/a/one.jsonl", 2), (f"{path}/two.json.gz", 1)]


COLUMNS = "event_id, emission_time, event"
DUMPS = [
    ("Parquet", "x.parquet", COLUMNS),
    ("CSV", "x.csv", COLUMNS),
    ("CSVWithNames", "y.csv", COLUMNS),
    ("TabSeparated", "x.tsv", COLUMNS),
    ("TabSeparated", "y.tsv", "event, emission_time, event_id"),
    ("TabSeparatedWithNames", "z.tsv", COLUMNS),
    ("TabSeparatedWithNames", "first.tsv", "event, event_id"),
    ("TabSeparatedRawWithNames", "raw.tsv", COLUMNS),
    ("TabSeparatedRaw", "x.jsonl", "event"),
    ("JSONEachRow", "y.jsonl", COLUMNS),
]


def test_a_dump_of_the_raw_table_lands_again_as_it_was(warehouse: Warehouse) -> None:
    ours = statement(999, result={"response": "a \"b\",\n\\ \t 'é' C:\\new"})
    warehouse.ingest(lines(*MANY[:20], ours))
    texts = warehouse.events
    for form, name, columns in DUMPS:
        query = f"SELECT {columns} FROM xapi.xapi_events_all ORDER BY event_id DESC"
        dump = warehouse.client.raw_query(query, fmt=form)
        warehouse.empty()
        assert counted(warehouse.ingest(dump, name)) == (21, 0, 0, 0)
        assert warehouse.events == texts
        assert counted(warehouse.ingest(dump, name)) == (0, 21, 0, 0)


def test_a_line_too_large_is_rejected_and_the_next_one_lands(warehouse: Warehouse) -> None:
    huge = text(statement(1, result={"response": "x" * (17 * 1024 * 1024)}))
    assert counted(warehouse.ingest(lines(statement(2), huge, statement(3)))) == (2, 0, 0, 1)
    assert counted(warehouse.ingest(lines(huge, statement(4)), "s.jsonl.gz")) == (1, 0, 0, 1)
    kept = warehouse.rows("SELECT line, reason, length(raw) FROM xapi.rejected_statements")
    assert sorted(kept) == [(1, "too_large", 65536), (2, "too_large", 65536)]


def test_a_value_too_large_in_an_array(warehouse: Warehouse) -> None:
    huge = text(statement(1, result={"response": "x" * (17 * 1024 * 1024)}))
    array = b"[" + text(statement(2)) + b",\n" + huge + b"," + text(statement(3)) + b"]"
    assert counted(warehouse.ingest(array, "array.json")) == (2, 0, 0, 1)
    assert warehouse.rejects == [(2, array.index(huge), "too_large")]


def write_directly(warehouse: Warehouse, made: Statement, received_at: str) -> None:
    """As writers other than the loader do, at a time of our choice."""
    warehouse.client.command(
        "INSERT INTO xapi.xapi_events_all (event_id, emission_time, event, received_at) "
        "VALUES ({id:UUID}, '2026-03-01 10:00:00.123456', {event:String}, {received_at:String})",
        parameters={"id": made["id"], "event": text(made).decode(), "received_at": received_at},
    )


def test_statements_other_writers_landed_count_too(warehouse: Warehouse) -> None:
    write_directly(warehouse, ONE, "2026-03-01 10:00:01")
    assert counted(warehouse.ingest(lines(ONE, statement(2)))) == (1, 1, 0, 0)


def test_of_what_other_writers_landed_twice_the_first_counts(warehouse: Warehouse) -> None:
    write_directly(warehouse, OTHER, "2026-03-01 10:00:02")
    write_directly(warehouse, ONE, "2026-03-01 10:00:01")
    write_directly(warehouse, OTHER, "2026-03-01 10:00:03")
    assert counted(warehouse.ingest(lines(ONE))) == (0, 1, 0, 0)
    assert counted(warehouse.ingest(lines(RESTORED))) == (0, 1, 0, 0)
    assert counted(warehouse.ingest(lines(OTHER))) == (0, 0, 1, 0)


def test_a_source_that_cannot_be_opened(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "gone.jsonl"
    path.write_bytes(b"")
    sources = loader.reading.find_sources([str(path)])
    path.unlink()
    with pytest.raises(LoaderError, match=r"Cannot read .*gone.jsonl: No such file"):
        list(loader.ingestion.ingest(warehouse.clients, sources, warehouse.workers))
