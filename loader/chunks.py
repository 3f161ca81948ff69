"""Chunks: stretches of an input that hold whole records, and the records in them.

Inputs are cut into chunks by `loader.reading`; a worker process finds the records.
"""

from __future__ import annotations

import itertools
import operator
import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loader.csv_rows import Layout, rows_of
from loader.envelope import Reason, Rejection
from loader.errors import InputError


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


@dataclass(frozen=True)
class Reject:
    """One record that did not land; `line` counts from 0 within its chunk, `byte` in the input."""

    line: int
    byte: int
    reason: Reason
    detail: str
    raw: bytes


@dataclass
class Records:
    """The records of a chunk, blank ones too: texts, lines in the chunk, bytes in the input."""

    texts: list[bytes]
    lines: Sequence[int]
    offsets: Sequence[int]
    line_ends: int
    rejects: list[Reject] = field(default_factory=list)  # rows that hold no statement


def records_of(data: bytes, chunk: Chunk) -> Records:
    """The records in a chunk whose bytes are `data`."""
    if chunk.layout is not None:
        return _rows(data, chunk, chunk.layout)
    if chunk.spans is not None:
        return _spans(data, chunk, chunk.spans)
    texts = data.split(b"\n")
    # A record begins after the records before it and their line ends.
    before = itertools.accumulate(map(len, texts), initial=chunk.first_byte)
    offsets = array("Q", map(operator.add, before, range(len(texts))))
    return Records(texts, range(len(texts)), offsets, len(texts) - 1)


def _spans(data: bytes, chunk: Chunk, spans: Sequence[tuple[int, int]]) -> Records:
    texts = [data[start:end] for start, end in spans]
    offsets = array("Q", (chunk.first_byte + start for start, _ in spans))
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
    found = Records([], array("Q"), array("Q"), data.count(b"\n"))
    lines, offsets = array("Q"), array("Q")
    for row in rows_of(data, layout):
        byte = chunk.first_byte + row.start
        if isinstance(row.found, Rejection):
            raw = data[row.start : row.end].rstrip(b"\r")
            reject = Reject(row.line, byte, row.found.reason, row.found.detail, raw)
            found.rejects.append(reject)
        else:
            found.texts.append(row.found)
            lines.append(row.line)
            offsets.append(byte)
    found.lines, found.offsets = lines, offsets
    return found
