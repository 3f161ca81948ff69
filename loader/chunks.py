"""Chunks: stretches of an input that hold whole records, and the records in them.

Inputs are cut into chunks by `loader.reading`; whoever checks a chunk finds the records.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loader.csv_rows import Layout, rows_of
from loader.envelope import Reason, Rejection
from loader.errors import InputError
from loader.lazy_numpy import numpy
from loader.scanner import Texts, find_lines


@dataclass(frozen=True)
class Chunk:
    """A stretch of an input that holds whole records.

    The bytes are in `data`, or else in the file `path`, from `first_byte` on, `size` of
    them. The records are one a line, unless `spans` says where in the bytes they stand
    or `layout` that they are rows of CSV.
    """

    first_byte: int  # from 0
    size: int  # bytes of the input; `data` has fewer when the rest of a huge record is left out
    data: bytes = b""
    path: Path | None = None
    inode: int = 0  # of that file
    spans: tuple[tuple[int, int], ...] | None = None
    layout: Layout | None = None
    # Of records that are numbered, not found on lines: the rows of Parquet.
    are_rows: bool = False
    line_ends: int | None = None  # unless they are those in the bytes

    def read(self) -> bytes:
        """The bytes of the stretch. LoaderError if they are gone: the file is another now."""
        if self.path is None:
            return self.data
        with self.path.open("rb") as file:
            replaced = self.inode and os.fstat(file.fileno()).st_ino != self.inode
            file.seek(self.first_byte)
            data = file.read(self.size)
        if replaced or len(data) != self.size:
            change = "was replaced" if replaced else "became shorter"
            raise InputError(
                f"{self.path} {change} while it was read. What has landed stays; "
                "load it again when nothing changes it."
            )
        return data


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that did not land; `line` counts from 0 within its chunk, `byte` in the input."""

    line: int
    byte: int
    reason: Reason
    detail: str
    raw: bytes


@dataclass
class Records:
    """The records of a chunk, blank ones too."""

    texts: Texts
    lines: Sequence[int]  # in the chunk
    offsets: Sequence[int]  # in the input
    line_ends: int
    rejects: list[Reject] = field(default_factory=list)  # rows that hold no statement


def records_of(data: bytes, chunk: Chunk) -> Records:
    """The records in a chunk whose bytes are `data`."""
    if chunk.layout is not None:
        return _rows(data, chunk, chunk.layout)
    if chunk.spans is not None:
        return _spans(data, chunk, chunk.spans)
    texts, line_ends = find_lines(data)
    return Records(texts, range(len(texts)), _offsets(chunk, texts), line_ends)


def _offsets(chunk: Chunk, texts: Texts) -> array[int]:
    return array("Q", (texts.begins + numpy().uint64(chunk.first_byte)).tobytes())


def _spans(data: bytes, chunk: Chunk, spans: Sequence[tuple[int, int]]) -> Records:
    np = numpy()
    places = np.array(spans, np.uint64).reshape(-1, 2)
    texts = Texts(data, places[:, 0].copy(), places[:, 1] - places[:, 0])
    offsets = _offsets(chunk, texts)
    if chunk.are_rows:
        rejects = [
            Reject(row, offsets[row], Reason.INVALID_ROW, "the row holds no statement", b"")
            for row, text in enumerate(texts)
            if not text.strip()
        ]
        return Records(texts, range(len(texts)), offsets, len(texts), rejects)
    lines = array("Q")
    line = seen = 0
    for start, _ in spans:
        line += data.count(b"\n", seen, start)
        seen = start
        lines.append(line)
    ends = data.count(b"\n") if chunk.line_ends is None else chunk.line_ends
    return Records(texts, lines, offsets, ends)


def _rows(data: bytes, chunk: Chunk, layout: Layout) -> Records:
    texts: list[bytes] = []
    rejects: list[Reject] = []
    lines, offsets = array("Q"), array("Q")
    for row in rows_of(data, layout):
        byte = chunk.first_byte + row.start
        if isinstance(row.found, Rejection):
            raw = data[row.start : row.end].rstrip(b"\r")
            rejects.append(Reject(row.line, byte, row.found.reason, row.found.detail, raw))
        else:
            texts.append(row.found)
            lines.append(row.line)
            offsets.append(byte)
    return Records(Texts.of(texts), lines, offsets, data.count(b"\n"), rejects)
