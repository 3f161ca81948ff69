"""Loads: what became of one source, and its row in `xapi.loads`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from loader import __version__
from loader.attempts import Attempts
from loader.engine import insert_bytes, insert_rows
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Statements of any month may come in one insert; repeats are our business, not a queue's.
INSERT_SETTINGS: dict[str, Any] = {"max_partitions_per_insert_block": 0, "async_insert": 0}


def insert_settings(token: str) -> dict[str, Any]:
    """Settings of an insert that may be repeated: the engine takes the same token once.

    So do the tables that views fill. All rows of an insert are one block, whatever their
    number, since the tokens of several would depend on where it was cut.
    """
    return INSERT_SETTINGS | {
        "insert_deduplicate": 1,
        "insert_deduplication_token": token,
        "deduplicate_blocks_in_dependent_materialized_views": 1,
        "max_insert_threads": 1,
        "max_insert_block_size": 100_000_000,
        "min_insert_block_size_rows": 0,
        "min_insert_block_size_bytes": 4 * 1024**3,
    }


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

    @property
    def not_landed(self) -> int:
        """Conflicts and rejected records: what is kept with the rejects."""
        return self.conflicts + self.rejected

    def add(self, other: Counts) -> None:
        self.landed += other.landed
        self.duplicates += other.duplicates
        self.conflicts += other.conflicts
        self.rejected += other.rejected


@dataclass
class Load:
    """What became of one source; `counts.lines` is the number of its records."""

    source: str
    load_id: uuid.UUID = field(default_factory=uuid.uuid4)
    counts: Counts = field(default_factory=Counts)
    untimed: int = 0  # statements that tell no time: they got the time of loading
    bytes: int = 0  # of content, after decompression
    line_ends: int = 0  # in this content
    grew: bool = False  # the file had more when its end was reached
    started_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    finished_at: datetime | None = None

    @property
    def seconds(self) -> float:
        end = self.finished_at or datetime.now(timezone.utc)
        return (end - self.started_at).total_seconds()


@dataclass(frozen=True)
class StoredReject:
    """A line that did not land, as `xapi.rejected_statements` has it; lines count from 1."""

    source: str
    line: int
    reason: str
    detail: str


def finish_load(
    client: Client, load: Load, content_hash: str, attempts: Attempts, packed_hash: str = ""
) -> None:
    """Write the row of a load: its commit marker, the last thing a load does.

    `packed_hash` is of the compressed file, '' for what is none.
    """
    load.finished_at = datetime.now(timezone.utc)
    counts = load.counts
    row = {
        "load_id": load.load_id,
        "source": load.source,
        "content_hash": content_hash,
        "packed_hash": packed_hash,
        "bytes": load.bytes,
        "lines": counts.lines,
        "landed": counts.landed,
        "duplicates": counts.duplicates,
        "conflicts": counts.conflicts,
        "rejected": counts.rejected,
        "started_at": load.started_at,
        "finished_at": load.finished_at,
        "loader_version": __version__,
    }
    attempts(
        lambda: insert_rows(
            client,
            f"{RAW}.loads",
            list(row),
            [list(row.values())],
            insert_settings(str(load.load_id)),
        )
    )


def insert_rejects(
    client: Client,
    load_id: uuid.UUID,
    source: str,
    received_at: datetime,
    rejects: Sequence[Sequence[Any]],
) -> None:
    """Keep what did not land: line, byte offset, reason, detail and raw text of each.

    They are those of one batch, which is known by the moment it landed at.
    """
    insert_bytes(
        client,
        f"{RAW}.rejected_statements",
        ["received_at", "load_id", "source", "reason", "detail", "raw", "line", "byte_offset"],
        (
            (received_at, load_id, source, reason, detail, raw, line, byte)
            for line, byte, reason, detail, raw in rejects
        ),
        settings=insert_settings(f"{load_id} {received_at.isoformat()}"),
    )


def first_rejects(client: Client, loads: Sequence[Load], limit: int) -> list[StoredReject]:
    """The first lines of some loads that were rejected or in conflict, in their order."""
    found: list[StoredReject] = []
    attempts = Attempts()
    for load in loads:
        if not load.counts.rejected + load.counts.conflicts or len(found) >= limit:
            continue
        sql = (
            f"SELECT source, line, reason, detail FROM {RAW}.rejected_statements "
            f"WHERE load_id = '{load.load_id}' ORDER BY line, byte_offset "
            f"LIMIT {limit - len(found)}"
        )
        answer = attempts(partial(client.query, sql))
        found += [StoredReject(*row) for row in answer.result_rows]
    return found
