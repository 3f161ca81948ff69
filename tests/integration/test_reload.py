"""What has landed before and is still there needs no checking; what is not there lands again."""

from __future__ import annotations

import gzip

import pytest

import loader.blocks
import loader.ingestion
import loader.reading.inputs
from loader.errors import LoaderError
from loader.limits import Limits
from loader.reading import Reading
from loader.reading.compression import Unpacked
from tests.statements import lines, statement, text
from tests.warehouse import Warehouse, counted

MANY = [statement(number) for number in range(1, 101)]
ODD = lines(*MANY[:40], b"broken", MANY[0], statement(2, result={"success": True}), *MANY[40:])
REJECTS = "SELECT source, line, byte_offset, reason, raw FROM xapi.rejected_statements ORDER BY ALL"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", 5_000)
    monkeypatch.setattr(loader.ingestion, "BATCH_BYTES", 10_000)


def checked_bytes(warehouse: Warehouse, content: bytes, name: str, strict: bool = False) -> int:
    """Load it; how many bytes had to be checked."""
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        take = loader.ingestion._Lander.take

        def noted(lander: loader.ingestion._Lander, checked: loader.blocks.Checked) -> None:
            seen.append(0 if checked.is_known else checked.size)
            take(lander, checked)

        patch.setattr(loader.ingestion._Lander, "take", noted)
        warehouse.ingest(content, name, strict=strict)
    return sum(seen)


@pytest.mark.parametrize("name", ["statements.jsonl", "other.jsonl"])
def test_nothing_is_checked_again(warehouse: Warehouse, name: str) -> None:
    assert checked_bytes(warehouse, ODD, "statements.jsonl") == len(ODD)
    first = [row[1:] for row in warehouse.rows(REJECTS)]
    for _ in range(2):
        assert checked_bytes(warehouse, ODD, name) == 0
    loads = warehouse.rows(
        "SELECT landed, duplicates, conflicts, rejected FROM xapi.loads ORDER BY finished_at"
    )
    assert loads == [(100, 1, 1, 1), *[(0, 101, 1, 1)] * 2]
    assert len(warehouse.events) == 100
    assert sorted(row[1:] for row in warehouse.rows(REJECTS)) == sorted(first * 3)
    sources = "SELECT source, count() FROM xapi.rejected_statements GROUP BY source"
    assert sum(count for _, count in warehouse.rows(sources)) == 6


def test_a_compressed_file_is_known_without_unpacking(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = (statement(number, result={"response": "x" * 9_000}) for number in range(101, 201))
    content = ODD + lines(*long)
    packed = gzip.compress(content, mtime=0)
    warehouse.ingest(packed, "export.jsonl.gz")
    with monkeypatch.context() as patch:
        unpacked = read_bytes(patch)
        assert counted(warehouse.ingest(packed, "again.jsonl.gz")) == (0, 201, 1, 1)
        assert sum(unpacked) < len(content) / 2  # its first chunk, by which it is found
    # Other bytes that begin alike are read, and what was removed lands again.
    more = gzip.compress(content + lines(statement(201)), mtime=0)
    assert counted(warehouse.ingest(more, "more.jsonl.gz")) == (1, 201, 1, 1)
    warehouse.client.command("TRUNCATE TABLE xapi.xapi_events_all")
    warehouse.client.command("TRUNCATE TABLE xapi.statement_ids")
    assert counted(warehouse.ingest(packed, "export.jsonl.gz")) == (200, 1, 1, 1)
    hashes = (
        "SELECT uniqExact(content_hash, packed_hash) FROM xapi.loads WHERE bytes = {size:UInt64}"
    )
    assert warehouse.rows(hashes, size=len(content)) == [(1,)]


def read_bytes(patch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what is unpacked from now on."""
    sizes: list[int] = []
    read = Unpacked.read

    def noted(unpacked: Unpacked, size: int) -> bytes:
        data = read(unpacked, size)
        sizes.append(len(data))
        return data

    patch.setattr(Unpacked, "read", noted)
    return sizes


def test_what_comes_after_it_is_checked(warehouse: Warehouse) -> None:
    warehouse.ingest(ODD)
    more = ODD + lines(statement(101), statement(1))
    assert 0 < checked_bytes(warehouse, more, "more.jsonl") < 6_000
    loaded = "SELECT landed, duplicates FROM xapi.loads WHERE source LIKE '%more.jsonl'"
    assert warehouse.rows(loaded) == [(1, 102)]


@pytest.mark.parametrize(
    "removal",
    [
        "DELETE FROM xapi.xapi_events_all WHERE event_id IN "
        "('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000063')",
        "ALTER TABLE xapi.xapi_events_all DROP PARTITION 202603",
        "TRUNCATE TABLE xapi.xapi_events_all",
    ],
)
def test_what_was_removed_lands_again(warehouse: Warehouse, removal: str) -> None:
    warehouse.ingest(ODD)
    warehouse.client.command(removal)
    warehouse.client.command(
        "DELETE FROM xapi.statement_ids WHERE event_id NOT IN "
        "(SELECT event_id FROM xapi.xapi_events_all)"
    )
    left = len(warehouse.events)
    load = warehouse.ingest(ODD)
    assert load.counts.landed == 100 - left > 0
    assert sorted(warehouse.events) == sorted(text(one).decode() for one in MANY)


def test_rejects_that_were_removed_are_kept_again(warehouse: Warehouse) -> None:
    warehouse.ingest(ODD)
    warehouse.client.command("TRUNCATE TABLE xapi.rejected_statements")
    assert counted(warehouse.ingest(ODD)) == (0, 101, 1, 1)
    assert len(warehouse.rows(REJECTS)) == 2


def test_other_rules_are_other_verdicts(warehouse: Warehouse) -> None:
    content = lines(*MANY, statement(101, result={"duration": "long"}))
    assert counted(warehouse.ingest(content)) == (101, 0, 0, 0)
    assert checked_bytes(warehouse, content, "statements.jsonl", strict=True) == len(content)
    limits = Reading(limits=Limits(statement_bytes=1024 * 1024))
    assert counted(warehouse.ingest(content, reading=limits)) == (0, 101, 0, 0)
    narrow = Reading(limits=Limits(statement_bytes=100))
    assert counted(warehouse.ingest(content, reading=narrow)) == (0, 0, 0, 101)


def test_a_load_that_was_cut_short_goes_on_after_what_has_landed(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(loader.ingestion, "BATCH_BYTES", 3_000)
    whole = gzip.compress(ODD, compresslevel=0, mtime=0)
    with pytest.raises(LoaderError, match="What has landed stays"):
        warehouse.ingest(whole[: len(whole) * 2 // 3], "export.jsonl.gz")
    landed = len(warehouse.events)
    assert landed > 0
    assert checked_bytes(warehouse, whole, "export.jsonl.gz") < len(ODD)
    loads = "SELECT landed, duplicates, conflicts, rejected FROM xapi.loads"
    assert warehouse.rows(loads) == [(100, 1, 1, 1)]
    assert len(warehouse.rows(REJECTS)) == 2
    ids = "SELECT uniqExact(load_id) FROM xapi.xapi_events_all"
    assert warehouse.value(ids) == 1


def test_a_file_that_has_grown_meanwhile(warehouse: Warehouse) -> None:
    cut = len(ODD) - 700  # within a line
    with pytest.MonkeyPatch.context() as patch:

        def fails(*_: object) -> None:
            raise LoaderError("on the way to its row in xapi.loads")

        patch.setattr(loader.ingestion, "finish_load", fails)
        with pytest.raises(LoaderError, match="on the way"):
            warehouse.ingest(ODD[:cut])
    assert len(warehouse.rows(REJECTS)) == 3  # a line is half there
    assert counted(warehouse.ingest(ODD)) == (100, 1, 1, 1)
    assert len(warehouse.rows(REJECTS)) == 2
    assert sorted(warehouse.events) == sorted(text(one).decode() for one in MANY)
