"""Land checked statements exactly once, and say what became of each.

The rule (design.md, "Raw layer"): same id and same content is a duplicate, same id and
other content a conflict; of each id the first one stays.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import xxhash

from loader.blocks import BLOCK_COLUMNS, Checked, Job, Rows, texts_of, write_block
from loader.engine import engine_errors, quoted
from loader.envelope import Reason, same_content
from loader.known import Key, Known, keys_of, known_texts, look_up
from loader.loads import INSERT_SETTINGS, Counts, insert_rejects
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# In this process the other cores are busy: with checking, and with the other insert.
EMBEDDED_SETTINGS = INSERT_SETTINGS | {"max_threads": 1}


@dataclass
class _Verdicts:
    kept: list[int] = field(default_factory=list)  # rows to insert
    duplicates: int = 0
    conflicts: list[int] = field(default_factory=list)


@dataclass
class Batch:
    """Chunks that land in one insert, with the line of the input at which each begins."""

    chunks: list[Checked] = field(default_factory=list)
    first_lines: list[int] = field(default_factory=list)  # from 1
    size: int = 0  # bytes of input

    def add(self, checked: Checked, first_line: int) -> None:
        self.chunks.append(checked)
        self.first_lines.append(first_line)
        self.size += checked.size

    @property
    def ids(self) -> bytes:
        return b"".join(checked.rows.ids for checked in self.chunks)


class Landing:
    """Puts statements of one load into the raw table, over one connection."""

    def __init__(self, client: Client, job: Job, embedded: bool) -> None:
        self._client = client
        self._job = job
        self._embedded = embedded

    def land(self, batch: Batch) -> Counts:
        """Insert what is new of a batch, in order; returns what became of its records.

        Raises LoaderError when the engine refuses.
        """
        rejects = [
            [first_line + one.line, one.byte, one.reason.value, one.detail, one.raw]
            for checked, first_line in zip(batch.chunks, batch.first_lines, strict=True)
            for one in checked.rejects
        ]
        counts = Counts(rejected=len(rejects))
        with engine_errors():
            if batch.ids:
                self._land_rows(batch, rejects, counts)
            if rejects:
                insert_rejects(self._client, self._job.load_id, self._job.source, rejects)
        for checked in batch.chunks:
            if checked.rows.block:
                checked.rows.block.unlink()
        return counts

    def _land_rows(self, batch: Batch, rejects: list[list[Any]], counts: Counts) -> None:
        ids = batch.ids
        keys = keys_of(ids)
        known = look_up(self._client, ids)
        if not known and len(set(keys)) == len(keys):
            self._insert([checked.rows.block for checked in batch.chunks if checked.rows.block])
            counts.landed = len(keys)
            return
        rows = _BatchRows(batch)
        verdicts = self._judge(rows, keys, known)
        for row in verdicts.conflicts:
            detail = f"{UUID(bytes=keys[row])} has landed before with other content"
            rejects.append([*rows.place(row), Reason.ID_CONFLICT.value, detail, rows.text(row)])
        if verdicts.kept:
            kept = verdicts.kept
            block, _ = write_block(
                self._job,
                b"".join(keys[row] for row in kept),
                array("q", [rows.time(row) for row in kept]),
                [rows.text(row) for row in kept],
            )
            self._insert([block])
            block.unlink()
        rows.close()
        counts.landed = len(verdicts.kept)
        counts.duplicates = verdicts.duplicates
        counts.conflicts = len(verdicts.conflicts)

    def _judge(self, rows: _BatchRows, keys: Iterable[Key], known: dict[Key, Known]) -> _Verdicts:
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
        differ = {rows.key(row): known[rows.key(row)] for row in differing}
        texts = known_texts(self._client, differ)
        for row in differing:
            stored = texts.get(rows.key(row))
            if stored is not None and same_content(rows.text(row), stored):
                verdicts.duplicates += 1
            else:
                verdicts.conflicts.append(row)
        return verdicts

    def _insert(self, blocks: list[Path]) -> None:
        """Blocks as `check` wrote them, in one insert."""
        table, columns = f"{RAW}.xapi_events_all", ", ".join(BLOCK_COLUMNS)
        if self._embedded:
            # The engine is in this process and reads the files itself.
            settings = ", ".join(f"{name} = {value}" for name, value in EMBEDDED_SETTINGS.items())
            files = f"{self._job.folder}/{{{','.join(block.name for block in blocks)}}}"
            self._client.command(
                f"INSERT INTO {table} ({columns}) SETTINGS {settings} "
                f"SELECT {columns} FROM file({quoted(files)}, 'Native')"
            )
            return
        self._client.raw_insert(
            table, list(BLOCK_COLUMNS), _content(blocks), settings=INSERT_SETTINGS, fmt="Native"
        )


class _BatchRows:
    """The rows of a batch by their number, their texts read from the blocks."""

    def __init__(self, batch: Batch) -> None:
        self._parts: list[tuple[Rows, int, mmap.mmap, list[slice]]] = []
        self._where: list[tuple[int, int]] = []
        for checked, first_line in zip(batch.chunks, batch.first_lines, strict=True):
            rows = checked.rows
            if rows.block is None:
                continue
            with rows.block.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            part = len(self._parts)
            texts = texts_of(content, rows.texts_at, len(rows))
            self._parts.append((rows, first_line, content, texts))
            self._where += [(part, row) for row in range(len(rows))]

    def key(self, number: int) -> Key:
        part, row = self._where[number]
        return self._parts[part][0].ids[row * 16 : row * 16 + 16]

    def time(self, number: int) -> int:
        part, row = self._where[number]
        return self._parts[part][0].times[row]

    def text(self, number: int) -> bytes:
        part, row = self._where[number]
        _, _, content, texts = self._parts[part]
        return content[texts[row]]

    def place(self, number: int) -> tuple[int, int]:
        """Line from 1 and byte from 0 in the input."""
        part, row = self._where[number]
        rows, first_line, _, _ = self._parts[part]
        return first_line + rows.lines[row], rows.bytes[row]

    def close(self) -> None:
        for _, _, content, _ in self._parts:
            content.close()


def _content(blocks: list[Path]) -> Generator[bytes, None, None]:
    for block in blocks:
        with block.open("rb") as file:
            while piece := file.read(1024 * 1024):
                yield piece
