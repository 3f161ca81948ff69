"""`loader ingest --dry-run`: what would become of every line, without a trace of it anywhere."""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import xxhash

from loader.block_files import texts_of, unpacked
from loader.blocks import Checked, Job, check, check_quickly
from loader.checkers import Checkers
from loader.chunks import Chunk, Reject
from loader.dump_rows import read_rows
from loader.engine import connect, engine_errors
from loader.envelope import EPOCH, MICROSECOND, Reason, same_content
from loader.known import Key, Known, keys_of, known_texts, look_up
from loader.loads import Load, StoredReject
from loader.pipeline import CheckedInput, checked_inputs
from loader.progress import Progress, Show, no_progress, show_nothing
from loader.reading import AS_IT_COMES, Input, PassedOver, Reading, Source, open_input
from loader.schema.tables import RAW
from loader.settings import Settings, Target

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# So many of the lines that would not land are told of each input.
TOLD_REJECTS = 5


@dataclass
class Foreseen(Load):
    """What would become of one source, and the first lines of it that would not land."""

    rejects: list[StoredReject] = field(default_factory=list)

    def reject(self, line: int, reason: Reason, detail: str) -> None:
        """Note a line, counted from 1, if it is one of the first."""
        if len(self.rejects) < TOLD_REJECTS:
            self.rejects.append(StoredReject(self.source, line, reason.value, detail))


def open_existing(settings: Settings) -> Client | None:
    """A client of the warehouse; None, and nothing is made, where there is none yet.

    Raises LoaderError when it cannot be reached.
    """
    if settings.target is Target.EMBEDDED and not (
        settings.path.is_dir() and any(settings.path.iterdir())
    ):
        return None
    client = connect(settings)
    with engine_errors():
        found = int(str(client.command(f"EXISTS TABLE {RAW}.statement_ids")))
    return client if found else None


def foresee(
    client: Client | None,
    sources: Sequence[Source],
    workers: Checkers,
    reading: Reading = AS_IT_COMES,
    show: Show = show_nothing,
    *,
    strict: bool = False,
) -> Iterator[Foreseen | PassedOver]:
    """What `ingest` would do with each input, in their order: its verdicts, and nothing written.

    Texts lie in a temporary folder meanwhile, to be compared with those of the same id that
    follow. Raises LoaderError where an input cannot be read or the engine refuses.
    """
    with TemporaryDirectory(prefix="loader-") as folder:

        def job_of(opened: Input, _first: Chunk | None) -> Job:
            now = (datetime.now(timezone.utc) - EPOCH) // MICROSECOND
            return Job(uuid4(), opened.name, now, Path(folder), reading.limits, strict)

        with closing(_Verdicts(client, Path(folder))) as verdicts:
            for found in checked_inputs(
                sources, reading, workers, check, job_of, check_quickly=check_quickly
            ):
                if isinstance(found, PassedOver):
                    yield found
                else:
                    yield _foreseen(verdicts, found, show(found.opened.name, found.opened.size))


def foresee_dump(
    source: Source,
    table: str,
    progress: Progress = no_progress,
    reading: Reading = AS_IT_COMES,
) -> Foreseen:
    """What `ingest_dump` would do with the rows of a dump; raises as it does."""
    load = Foreseen(source.name)
    with open_input(source, reading) as opened:
        for row in read_rows(opened.read, table, source.name, reading.limits):
            if isinstance(row, Reject):
                load.counts.rejected += 1
                load.reject(row.line + 1, row.reason, row.detail)
            else:
                load.counts.landed += 1
            progress(opened.position, load.counts.lines, load.counts.not_landed)
    load.finished_at = datetime.now(timezone.utc)
    return load


def _foreseen(
    verdicts: _Verdicts, found: CheckedInput[Job, Checked], progress: Progress
) -> Foreseen:
    load, opened = Foreseen(found.job.source), found.opened
    first_line = opened.first_line
    for checked in found.chunks:
        told = [(one.line, one.reason, one.detail) for one in checked.rejects]
        load.counts.rejected += len(checked.rejects)
        told += verdicts.judge(checked, load)
        for line, reason, detail in sorted(told, key=lambda one: one[0]):
            load.reject(first_line + line, reason, detail)
        first_line += checked.line_ends
        load.untimed += checked.untimed
        progress(opened.position, load.counts.lines, load.counts.not_landed)
    load.grew = opened.grew
    load.finished_at = datetime.now(timezone.utc)
    return load


class _Verdicts:
    """What is known of each id: by the warehouse, and by what would have landed before."""

    def __init__(self, client: Client | None, folder: Path) -> None:
        self._client = client
        self._blocks: list[tuple[Path, int, int]] = []  # with where its texts begin, how many
        # In a file, as ids may be more than fit into memory.
        self._seen = sqlite3.connect(folder / "seen", isolation_level=None)
        self._seen.executescript(
            "PRAGMA journal_mode = off; PRAGMA synchronous = off; "
            "CREATE TABLE seen (id BLOB PRIMARY KEY, block INT, row INT) WITHOUT ROWID;"
        )
        self._texts = lru_cache(maxsize=4)(self._texts_of_block)

    def close(self) -> None:
        self._seen.close()

    def judge(self, checked: Checked, load: Load) -> list[tuple[int, Reason, str]]:
        """Count the statements of a chunk; its conflicts, with their line in the chunk from 0."""
        rows = checked.rows
        if rows.block is None:
            return []
        number = len(self._blocks)
        self._blocks.append((rows.block, rows.texts_at, len(rows)))
        keys = keys_of(rows.ids)
        known = self._known(rows.ids)
        new = self._note([(key, number, row) for row, key in enumerate(keys) if key not in known])
        load.counts.landed += new
        if new == len(keys):
            return []
        told = []
        for row in self._differing(number, keys, known):
            detail = f"{UUID(bytes=keys[row])} would have landed before with other content"
            told.append((rows.lines[row], Reason.ID_CONFLICT, detail))
        load.counts.conflicts += len(told)
        load.counts.duplicates += len(keys) - new - len(told)
        return told

    def _known(self, ids: bytes) -> dict[Key, Known]:
        if self._client is None:
            return {}
        with engine_errors():
            return look_up(self._client, ids)

    def _note(self, rows: Sequence[tuple[Key, int, int]]) -> int:
        """Remember where ids stand that were not seen before; returns how many these are."""
        before = self._seen.total_changes
        self._seen.execute("BEGIN")
        self._seen.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", rows)
        self._seen.execute("COMMIT")
        return self._seen.total_changes - before

    def _differing(self, number: int, keys: Sequence[Key], known: dict[Key, Known]) -> list[int]:
        """The rows of a block whose content is another than that of what had their id first."""
        differing = []
        doubtful: list[int] = []
        for row, key in enumerate(keys):
            text = self._text(number, row)
            if key not in known:
                first = self._first(key)
                if first != (number, row) and not same_content(text, self._text(*first)):
                    differing.append(row)
            elif xxhash.xxh64_intdigest(text) != known[key].content_hash:
                doubtful.append(row)
        texts = self._landed({keys[row]: known[keys[row]] for row in doubtful})
        for row in doubtful:
            landed = texts.get(keys[row])
            if landed is None or not same_content(self._text(number, row), landed):
                differing.append(row)
        return differing

    def _landed(self, wanted: dict[Key, Known]) -> dict[Key, bytes]:
        if self._client is None or not wanted:
            return {}
        with engine_errors():
            return known_texts(self._client, wanted)

    def _first(self, key: Key) -> tuple[int, int]:
        block, row = self._seen.execute(
            "SELECT block, row FROM seen WHERE id = ?", (key,)
        ).fetchone()
        return block, row

    def _text(self, number: int, row: int) -> bytes:
        content, places = self._texts(number)
        return content[places[row]]

    def _texts_of_block(self, number: int) -> tuple[mmap.mmap, list[slice]]:
        path, start, count = self._blocks[number]
        content = unpacked(path)
        return content, texts_of(content, start, count)
