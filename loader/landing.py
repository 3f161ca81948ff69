"""Land checked statements exactly once, and say what became of each.

The rule (design.md, "Raw layer"): same id and same content is a duplicate, same id and
other content a conflict; of each id the first one stays.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import xxhash

from loader.blocks import Checked, MergedRows, Reject, Rows, varint
from loader.engine import engine_errors
from loader.envelope import Reason, same_content
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Statements of any month may come in one insert; repeats are our business, not a queue's.
INSERT_SETTINGS: dict[str, Any] = {"max_partitions_per_insert_block": 0, "async_insert": 0}

# The ids of an insert stand in the text of the look-up: 33 bytes each.
LOOKUP_SETTINGS: dict[str, Any] = {"max_query_size": 256 * 1024 * 1024}

Key = bytes  # the 16 bytes of an id


@dataclass
class Counts:
    """What became of records; `lines` is the sum of the other four."""

    landed: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0

    @property
    def lines(self) -> int:
        return self.landed + self.duplicates + self.conflicts + self.rejected

    def add(self, other: Counts) -> None:
        self.landed += other.landed
        self.duplicates += other.duplicates
        self.conflicts += other.conflicts
        self.rejected += other.rejected


@dataclass
class _Known:
    """A statement that has landed before: hash of its text, and its time to find it by."""

    content_hash: int
    emission_time: int


@dataclass
class _Verdicts:
    kept: list[int] = field(default_factory=list)  # rows to insert
    duplicates: int = 0
    conflicts: list[int] = field(default_factory=list)


class Landing:
    """Puts the statements of one load into the raw table."""

    def __init__(self, client: Client, load_id: UUID, source: str) -> None:
        self._client = client
        self._load_id = load_id
        self._source = source

    def land(self, batch: list[Checked]) -> Counts:
        """Insert what is new of these chunks, in order; returns what became of all.

        Raises LoaderError when the engine refuses; nothing of the batch counts then.
        """
        rows = [checked.rows for checked in batch if len(checked.rows)]
        rejects = [reject for checked in batch for reject in checked.rejects]
        counts = Counts(rejected=len(rejects))
        with engine_errors():
            if rows:
                self._land_rows(rows, rejects, counts)
            if rejects:
                self._insert_rejects(rejects)
        return counts

    def _land_rows(self, rows: list[Rows], rejects: list[Reject], counts: Counts) -> None:
        ids = b"".join(part.ids for part in rows)
        keys: tuple[Key, ...] = struct.unpack("16s" * (len(ids) // 16), ids)
        known = self._look_up(ids)
        if not known and len(set(keys)) == len(keys):
            self._insert(rows)
            counts.landed = len(keys)
            return
        merged = MergedRows(rows)
        verdicts = self._judge(merged, keys, known)
        for row in verdicts.conflicts:
            rejects.append(
                Reject(
                    merged.lines[row],
                    merged.bytes[row],
                    Reason.ID_CONFLICT,
                    f"{UUID(bytes=keys[row])} has landed before with other content",
                    merged.text(row),
                )
            )
        if verdicts.kept:
            self._insert([merged.select(verdicts.kept)])
        counts.landed = len(verdicts.kept)
        counts.duplicates = verdicts.duplicates
        counts.conflicts = len(verdicts.conflicts)

    def _look_up(self, ids: bytes) -> dict[Key, _Known]:
        """Which of these ids have landed, in whatever load; of several, the first."""
        answer = self._client.raw_query(
            f"SELECT event_id, argMin(content_hash, (received_at, content_hash)), "
            f"argMin(emission_time, (received_at, content_hash)) FROM {RAW}.statement_ids "
            f"WHERE event_id IN (SELECT id FROM format(TSV, 'id UUID', '{ids.hex(chr(10), 16)}')) "
            "GROUP BY event_id",
            settings=LOOKUP_SETTINGS,
            fmt="RowBinary",
        )
        # The engine writes a UUID as two little-endian halves.
        return {
            struct.pack(">QQ", high, low): _Known(content_hash, time)
            for high, low, content_hash, time in struct.iter_unpack("<QQQq", answer)
        }

    def _judge(self, rows: MergedRows, keys: Iterable[Key], known: dict[Key, _Known]) -> _Verdicts:
        verdicts = _Verdicts()
        first: dict[Key, int] = {}  # rows of this batch that are kept, by id
        differing: list[int] = []
        for row, key in enumerate(keys):
            landed = known.get(key)
            if landed is not None:
                if xxhash.xxh64_intdigest(rows.text(row)) == landed.content_hash:
                    verdicts.duplicates += 1
                else:
                    differing.append(row)
            elif key not in first:
                first[key] = row
                verdicts.kept.append(row)
            elif same_content(rows.text(row), rows.text(first[key])):
                verdicts.duplicates += 1
            else:
                verdicts.conflicts.append(row)
        texts = self._texts({rows.key(row): known[rows.key(row)] for row in differing})
        for row in differing:
            stored = texts.get(rows.key(row))
            if stored is not None and same_content(rows.text(row), stored):
                verdicts.duplicates += 1
            else:
                verdicts.conflicts.append(row)
        return verdicts

    def _texts(self, wanted: dict[Key, _Known]) -> dict[Key, bytes]:
        """The texts of statements that have landed, found by their key in the raw table."""
        texts: dict[Key, bytes] = {}
        pairs = [
            f"{known.emission_time}\t{UUID(bytes=key)}" for key, known in wanted.items()
        ]
        for start in range(0, len(pairs), 1000):
            some = "\n".join(pairs[start : start + 1000])
            answer = self._client.query(
                f"SELECT event_id, event FROM {RAW}.xapi_events_all WHERE (emission_time, event_id) "
                "IN (SELECT fromUnixTimestamp64Micro(time, 'UTC'), id "
                f"FROM format(TSV, 'time Int64, id UUID', '{some}')) "
                "ORDER BY received_at, xxHash64(event) LIMIT 1 BY event_id",
                settings=LOOKUP_SETTINGS,
                column_formats={"event": "bytes"},
            )
            texts |= {event_id.bytes: event for event_id, event in answer.result_rows}
        return texts

    def _insert(self, rows: list[Rows]) -> None:
        self._client.raw_insert(
            f"{RAW}.xapi_events_all",
            ["event_id", "emission_time", "event", "source", "load_id"],
            (piece for part in rows for piece in self._native(part)),
            settings=INSERT_SETTINGS,
            fmt="Native",
        )

    def _native(self, rows: Rows) -> Iterable[bytes]:
        """One block of ClickHouse's Native format: for each column name, type, values."""
        count = len(rows)
        ids = array("Q", rows.ids)
        ids.byteswap()
        load = array("Q", self._load_id.bytes)
        load.byteswap()
        source = self._source.encode()
        yield b"".join((varint(5), varint(count)))
        yield _column(b"event_id", b"UUID") + ids.tobytes()
        yield _column(b"emission_time", b"DateTime64(6, 'UTC')") + rows.times.tobytes()
        yield _column(b"event", b"String")
        yield rows.texts
        yield _column(b"source", b"String") + (varint(len(source)) + source) * count
        yield _column(b"load_id", b"UUID") + load.tobytes() * count

    def _insert_rejects(self, rejects: list[Reject]) -> None:
        self._client.insert(
            f"{RAW}.rejected_statements",
            [
                [self._load_id, self._source, one.line, one.byte, one.reason.value, one.detail, one.raw]
                for one in rejects
            ],
            column_names=["load_id", "source", "line", "byte_offset", "reason", "detail", "raw"],
            settings=INSERT_SETTINGS,
        )


def _column(name: bytes, kind: bytes) -> bytes:
    return varint(len(name)) + name + varint(len(kind)) + kind
