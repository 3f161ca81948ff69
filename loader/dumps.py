"""`loader ingest --table`: dumps of courses, blocks, tags, users, and who may see what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import xxhash

from loader.access.grants import put_in_force
from loader.attempts import Attempts
from loader.chunks import Reject
from loader.dump_rows import read_rows
from loader.loads import Load, finish_load, insert_rejects, insert_settings
from loader.progress import Progress, no_progress
from loader.reading import AS_IT_COMES, Input, Reading, Source, open_input
from loader.schema.access import COURSE_GRANTS
from loader.schema.dumps import DUMP_COLUMNS
from loader.schema.tables import ACCESS, SINK

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# One insert: many rows of a few columns, or fewer with a course's blocks in one.
BATCH_ROWS = 10_000
BATCH_BYTES = 32 * 1024 * 1024


def ingest_dump(
    client: Client,
    source: Source,
    table: str,
    progress: Progress = no_progress,
    reading: Reading = AS_IT_COMES,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> Load:
    """Put the rows of one dump into their table; writes its `xapi.loads` row last.

    In `event_sink`, a row sent again replaces the former one. Rows of `access.course_grants`
    replace all former ones, together, when the whole dump has been read. `tell` gets a sentence
    when the engine has to be waited for. Returns what became of the rows. Raises LoaderError
    when the source cannot be read, UsageError when its columns are not the table's; rows that
    landed before stay.
    """
    load = Load(source.name)
    attempts = Attempts(tell=tell)
    batch = _Batch(client, load, table, attempts)
    with open_input(source, reading) as opened:
        content = _Content(opened)
        for row in read_rows(content.read, table, source.name, reading.limits):
            batch.add(row)
            if len(batch) >= BATCH_ROWS or content.size - batch.first_byte >= BATCH_BYTES:
                batch.send(content.size)
                progress(opened.position, load.counts.lines, load.counts.not_landed)
        batch.send(content.size)
        progress(opened.position, load.counts.lines, load.counts.not_landed)
    load.bytes = content.size
    if table == COURSE_GRANTS.name:
        put_in_force(client, load)
    finish_load(client, load, content.digest.hexdigest(), attempts)
    return load


class _Content:
    """An input whose bytes are counted and hashed as they are read."""

    def __init__(self, opened: Input) -> None:
        self._opened = opened
        self.size = 0
        self.digest = xxhash.xxh3_128()

    def read(self, size: int) -> bytes:
        data = self._opened.read(size)
        self.size += len(data)
        self.digest.update(data)
        return data


class _Batch:
    """Rows and rejects on their way into one insert."""

    def __init__(self, client: Client, load: Load, table: str, attempts: Attempts) -> None:
        self._client = client
        self._load = load
        self._attempts = attempts
        self._is_of_load = table == COURSE_GRANTS.name
        self._table = f"{ACCESS if self._is_of_load else SINK}.{table}"
        self._columns = [*DUMP_COLUMNS[table], *(["load_id"] if self._is_of_load else [])]
        self._rows: list[list[object]] = []
        self._rejects: list[list[object]] = []
        self.first_byte = 0

    def __len__(self) -> int:
        return len(self._rows) + len(self._rejects)

    def add(self, row: list[object] | Reject) -> None:
        if isinstance(row, Reject):
            self._rejects.append([row.line + 1, row.byte, row.reason.value, row.detail, row.raw])
        elif self._is_of_load:
            self._rows.append([*row, self._load.load_id])
        else:
            self._rows.append(row)

    def send(self, next_byte: int) -> None:
        load, rows, rejects = self._load, self._rows, self._rejects
        if rows:
            self._attempts(
                lambda: self._client.insert(
                    self._table,
                    rows,
                    column_names=self._columns,
                    settings=insert_settings(f"{load.load_id} {self.first_byte}"),
                )
            )
        if rejects:
            now = datetime.now(timezone.utc)
            self._attempts(
                lambda: insert_rejects(self._client, load.load_id, load.source, now, rejects)
            )
        self._load.counts.landed += len(self._rows)
        self._load.counts.rejected += len(self._rejects)
        self._rows, self._rejects = [], []
        self.first_byte = next_byte
