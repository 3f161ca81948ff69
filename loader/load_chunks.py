"""What has become of each chunk of each load, so that a load which was cut short goes on.

The rules are in docs/decisions/0003: before anything of a batch is inserted its chunks are
"begun", with the moment at which its statements will have landed; what a loader that died
has left of it is "mended"; in the end it is "landed", with its verdicts and with what they
rest on. A record counts for nothing once that is no longer there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loader.attempts import Attempts
from loader.engine import insert_rows
from loader.envelope import EPOCH, MICROSECOND
from loader.loads import Counts, insert_settings
from loader.schema.tables import RAW
from loader.turns import Turns

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Moment = int  # microseconds since 1970
Place = tuple[int, int]  # first byte and content hash of a chunk

TABLE = f"{RAW}.load_chunks"
EVENTS = f"{RAW}.xapi_events_all"
REJECTS = f"{RAW}.rejected_statements"

# A chunk whose statements landed at more moments rests on too much to be looked at again.
MOST_MOMENTS = 500
TOO_MANY: tuple[Moment, int] = (0, 1)  # nothing landed in 1970

COLUMNS = (
    "load_id, first_byte, received_at, content_hash, source, run_id, state, first_line, size, "
    "line_ends, landed, duplicates, conflicts, rejected, untimed, rests_on"
)
_SELECTED = (
    "load_id, first_byte, toUnixTimestamp64Micro(received_at), content_hash, first_line, size, "
    "line_ends, landed, duplicates, conflicts, rejected, untimed, "
    "arrayMap(one -> (toUnixTimestamp64Micro(one.1), one.2), rests_on)"
)


@dataclass(frozen=True)
class ChunkRecord:
    """A chunk of a load, and what became of its records."""

    load_id: UUID
    first_byte: int
    received_at: Moment
    content_hash: int
    first_line: int
    size: int
    line_ends: int
    counts: Counts
    untimed: int
    rests_on: tuple[tuple[Moment, int], ...]

    @property
    def place(self) -> Place:
        return self.first_byte, self.content_hash

    @property
    def did_not_land(self) -> int:
        return self.counts.conflicts + self.counts.rejected


@dataclass(frozen=True)
class Whole:
    """A finished load of a compressed file, all of which is still there."""

    packed_hash: str  # of the file
    content_hash: str  # of what was in it
    records: Sequence[ChunkRecord]


@dataclass
class History:
    """What earlier loads say of the chunks of an input."""

    load_id: UUID | None = None  # of the load that goes on, which was cut short
    started_at: datetime | None = None
    landed: dict[Place, ChunkRecord] = field(default_factory=dict)  # chunks of that load
    # When that load may have landed statements from these bytes without having landed them whole,
    # or from what they were then: first byte, byte after the last, moment.
    own: list[tuple[int, int, Moment]] = field(default_factory=list)
    elsewhere: dict[int, ChunkRecord] = field(default_factory=dict)  # chunks of another load
    whole: Whole | None = None  # that other load, if it was of a compressed file

    @property
    def content_hashes(self) -> frozenset[int]:
        """Of the chunks that need no checking."""
        return frozenset(self.elsewhere) | {content for _, content in self.landed}

    def own_moments(self, first_byte: int, size: int) -> frozenset[Moment]:
        """When this load may have landed what it finds in a chunk that it has to land again."""
        end = first_byte + size
        return frozenset(
            moment for start, stop, moment in self.own if start < end and first_byte < stop
        )

    def record_of(self, place: Place) -> ChunkRecord:
        """A chunk that needs no checking, as it was landed, be it in another place."""
        return self.landed.get(place) or self.elsewhere[place[1]]


class LoadChunks:
    """The records of chunks, read and written by one run of the loader."""

    def __init__(self, client: Client, attempts: Attempts, turns: Turns) -> None:
        self._client = client
        self._attempts = attempts
        self._turns = turns

    def history(self, source: str, first: Place) -> History:
        """What is known of an input of this name that begins with this chunk."""
        has_it = f"content_hash = toUInt128('{first[1]}')"
        candidates = self._query(
            f"SELECT load_id, any(source), min(first_byte), max(state = 'landed'), "
            "load_id IN (SELECT load_id FROM "
            f"{RAW}.loads WHERE load_id IN (SELECT load_id FROM {TABLE} WHERE {has_it})) "
            f"FROM {TABLE} WHERE {has_it} "
            "GROUP BY load_id ORDER BY max(written_at) DESC LIMIT 100"
        )
        found = History()
        for load_id, of, byte, _, is_finished in candidates:
            if (of, byte) == (source, first[0]) and not is_finished and self._go_on(load_id, found):
                break
        for load_id, _, _, has_landed, is_finished in candidates:
            if has_landed and load_id != found.load_id:
                landed = self._records(load_id)
                records = self._still_true(landed, whole=True)
                found.elsewhere = {record.content_hash: record for record in records}
                if is_finished and len(records) == len(landed) and not found.load_id:
                    found.whole = self._whole(load_id, records)
                break
        for record in found.landed.values():
            found.elsewhere.setdefault(record.content_hash, record)
        return found

    def write(self, records: Sequence[ChunkRecord], source: str, state: str) -> None:
        """Write the records of a batch, all or none."""
        rows = [
            [
                record.load_id,
                record.first_byte,
                _datetime(record.received_at),
                record.content_hash,
                source,
                self._turns.run_id,
                state,
                record.first_line,
                record.size,
                record.line_ends,
                record.counts.landed,
                record.counts.duplicates,
                record.counts.conflicts,
                record.counts.rejected,
                record.untimed,
                [(_datetime(moment), count) for moment, count in record.rests_on],
            ]
            for record in records
        ]
        token = f"{state} {insert_id(records[0].load_id, records[0].received_at)}"
        self._attempts(
            lambda: insert_rows(
                self._client, TABLE, COLUMNS.split(", "), rows, insert_settings(token)
            )
        )

    def counts_at(self, moments: Iterable[Moment]) -> dict[Moment, int]:
        """How many statements of each moment there are now."""
        asked = sorted(set(moments))
        found: dict[Moment, int] = {}
        for start in range(0, len(asked), 10_000):
            some = ", ".join(map(moment_in_sql, asked[start : start + 10_000]))
            found |= dict(
                self._query(
                    f"SELECT toUnixTimestamp64Micro(received_at), count() FROM {EVENTS} "
                    f"WHERE received_at IN ({some}) GROUP BY received_at"
                )
            )
        return found

    def copy_rejects(
        self, record: ChunkRecord, to: ChunkRecord, source: str, client: Client
    ) -> None:
        """Keep what did not land of a chunk once more, for the load that has it again."""
        settings = insert_settings(f"{insert_id(to.load_id, to.received_at)} {to.first_byte}")
        self._attempts(
            lambda: client.command(
                f"INSERT INTO {REJECTS} "
                "(received_at, load_id, source, line, byte_offset, reason, detail, raw) "
                f"SELECT {moment_in_sql(to.received_at)}, '{to.load_id}', {{source:String}}, "
                f"line + {to.first_line - record.first_line}, "
                f"byte_offset + {to.first_byte - record.first_byte}, reason, detail, raw "
                f"FROM {REJECTS} WHERE load_id = '{record.load_id}' "
                f"AND byte_offset >= {record.first_byte} "
                f"AND byte_offset < {record.first_byte + record.size}",
                parameters={"source": source},
                settings=settings,
            )
        )

    def drop_rejects(self, records: Sequence[ChunkRecord]) -> None:
        """Remove the rejects of chunks that are no longer in the input of their load."""
        ranges = " OR ".join(
            f"(load_id = '{record.load_id}' AND byte_offset >= {record.first_byte} "
            f"AND received_at = {moment_in_sql(record.received_at)} "
            f"AND byte_offset < {record.first_byte + record.size})"
            for record in records
            if record.did_not_land
        )
        if ranges:
            self._command(f"DELETE FROM {REJECTS} WHERE {ranges}")

    def _go_on(self, load_id: UUID, found: History) -> bool:
        """Take a load over from a run that is gone; False if it is not, or if it has rows lost."""
        where = f"FROM {TABLE} FINAL WHERE load_id = '{load_id}'"
        with self._turns.turn():
            runs = {row[0] for row in self._query(f"SELECT DISTINCT run_id {where}")}
            if self._turns.alive(runs):
                return False
            records = self._records(load_id)
            if len(self._still_true(records, whole=False)) != len(records):
                return False
            self._command(
                f"INSERT INTO {TABLE} ({COLUMNS}) SELECT * EXCEPT written_at "
                f"REPLACE(toUUID('{self._turns.run_id}') AS run_id) {where}"
            )
        ((begun,),) = self._query(f"SELECT min(toUnixTimestamp64Micro(received_at)) {where}")
        found.load_id = load_id
        found.started_at = _datetime(begun)
        found.landed = {record.place: record for record in records}
        found.own = [
            (start, start + size, moment)
            for start, size, moment in self._query(
                f"SELECT first_byte, size, toUnixTimestamp64Micro(received_at) {where}"
            )
        ]
        return True

    def _whole(self, load_id: UUID, records: Sequence[ChunkRecord]) -> Whole | None:
        rows = self._query(
            f"SELECT packed_hash, content_hash FROM {RAW}.loads WHERE load_id = '{load_id}' "
            f"AND packed_hash != '' AND bytes = {sum(record.size for record in records)}"
        )
        return Whole(rows[0][0], rows[0][1], records) if rows else None

    def _records(self, load_id: UUID) -> list[ChunkRecord]:
        rows = self._query(
            f"SELECT {_SELECTED} FROM {TABLE} FINAL "
            f"WHERE load_id = '{load_id}' AND state = 'landed' ORDER BY first_byte"
        )
        return [_record(row) for row in rows]

    def _still_true(self, records: Sequence[ChunkRecord], whole: bool) -> list[ChunkRecord]:
        """Those of a load whose statements and rejects are all still there.

        Unless it must be the `whole`, too many moments to tell them all are passed over.
        """
        ignored = set() if whole else {TOO_MANY}
        counts = self.counts_at(moment for record in records for moment, _ in record.rests_on)
        kept = self._kept_rejects(records)
        return [
            record
            for record in records
            if all(
                counts.get(moment, 0) == count
                for moment, count in record.rests_on
                if (moment, count) not in ignored
            )
            and kept.get(record.first_byte, 0) == record.did_not_land
        ]

    def _kept_rejects(self, records: Sequence[ChunkRecord]) -> Mapping[int, int]:
        """How many rejects there are of the chunks that had any, by their first byte."""
        if not any(record.did_not_land for record in records):
            return {}
        rows = self._query(
            f"SELECT byte_offset FROM {REJECTS} WHERE load_id = '{records[0].load_id}' "
            "ORDER BY byte_offset"
        )
        places = [byte for (byte,) in rows]
        return {
            record.first_byte: bisect_left(places, record.first_byte + record.size)
            - bisect_left(places, record.first_byte)
            for record in records
        }

    def _query(self, sql: str) -> Sequence[Any]:
        return self._attempts(lambda: self._client.query(sql).result_rows)

    def _command(self, sql: str) -> None:
        self._attempts(lambda: self._client.command(sql))


def _record(row: Sequence[Any]) -> ChunkRecord:
    load_id, first_byte, moment, content, first_line, size, line_ends, *counts, rests_on = row
    *verdicts, untimed = counts
    return ChunkRecord(
        load_id,
        first_byte,
        moment,
        content,
        first_line,
        size,
        line_ends,
        Counts(*verdicts),
        untimed,
        tuple(rests_on),
    )


def insert_id(load_id: UUID, moment: Moment) -> str:
    """The name of the insert of a batch, for the engine."""
    return f"{load_id}-{moment}"


def _datetime(moment: Moment) -> datetime:
    return EPOCH + moment * MICROSECOND


def moment_in_sql(moment: Moment) -> str:
    """A moment as the engine reads it."""
    return f"fromUnixTimestamp64Micro({moment}, 'UTC')"
