"""Chunks of whole lines, one record each, and of whole rows of CSV."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from loader.chunks import Chunk
from loader.csv_rows import Layout
from loader.limits import Limits

Read = Callable[[int], bytes]
"""Gives the next bytes, b"" at the end."""

# Records of a chunk, about: of tiny lines, fewer bytes are taken at a time.
MOST_LINES = 16_384
_SAMPLES = 16
_SAMPLE_BYTES = 4096


def stretch(read_at: Callable[[int, int], bytes], size: int) -> int:
    """How much of the next `size` bytes to take for a chunk not to have too many lines.

    `read_at(n, at)` gives `n` bytes from a place in them. Lines are counted here and there,
    for counting them all costs as much as reading them.
    """
    step = size // _SAMPLES
    if step < _SAMPLE_BYTES:
        return size
    counts = [read_at(_SAMPLE_BYTES, place * step).count(b"\n") for place in range(_SAMPLES)]
    lines = sum(counts) * step // _SAMPLE_BYTES
    return size if lines <= MOST_LINES else max(size * MOST_LINES // lines, _SAMPLE_BYTES)


def line_chunks(
    read: Read,
    first_byte: int,
    size: int,
    limits: Limits,
    rest: bytes = b"",
    layout: Layout | None = None,
) -> Iterator[Chunk]:
    """The lines of a stream, or rows if there is a `layout`, in chunks of about `size`.

    `rest` was read before, and `first_byte` is where it begins. A line that is too large
    becomes a record of its beginning alone.
    """
    end_of_last = _end_of_last_row if layout and not layout.is_escaped else _end_of_last_line
    limit = limits.statement_bytes
    while block := read(size):
        rest += block
        end = end_of_last(rest)
        while not end and len(rest) > limit:
            end = rest.find(b"\n", 0, limit) + 1  # a row whose quotes are not closed
            if not end:
                chunk, rest = _large_line(rest, read, first_byte, size, limit)
                yield chunk
                first_byte += chunk.size
            else:
                yield Chunk(first_byte, end, rest[:end], layout=layout)
                first_byte += end
                rest = rest[end:]
            end = end_of_last(rest)
        if end:
            yield from _in_stretches(rest[:end], first_byte, layout)
            first_byte += end
            rest = rest[end:]
    yield from _in_stretches(rest, first_byte, layout)


def _in_stretches(data: bytes, first_byte: int, layout: Layout | None) -> Iterator[Chunk]:
    """Whole lines or rows as one chunk, or as several if there are too many."""
    end_of_last = _end_of_last_row if layout else _end_of_last_line
    start = 0
    while start < len(data):
        rest = data[start:]
        size = stretch(partial(_slice_of, rest), len(rest))
        end = (size < len(rest) and end_of_last(rest[:size])) or len(rest)
        yield Chunk(first_byte + start, end, rest[:end], layout=layout)
        start += end


def row_chunks(
    read: Read, first_byte: int, size: int, limits: Limits, layout: Layout
) -> Iterator[Chunk]:
    """The rows of a CSV file in chunks of about `size`; its header holds no record."""
    rest = b""
    while rest.count(b"\n") < layout.header_lines and (block := read(size)):
        rest += block
    lines = rest.split(b"\n", layout.header_lines)
    header = len(rest) - len(lines[-1]) if len(lines) > layout.header_lines else len(rest)
    if header:
        yield Chunk(first_byte, header, rest[:header], spans=())
    yield from line_chunks(read, first_byte + header, size, limits, rest[header:], layout)


def file_chunks(
    path: Path, stored: io.BufferedReader, start: int, size: int, limits: Limits
) -> Iterator[Chunk]:
    """The lines of a plain file as it is now, to be read by whoever gets a chunk."""
    file = stored.fileno()
    status = os.fstat(file)
    while start < status.st_size:
        end = min(start + size, status.st_size)
        end = start + stretch(partial(_read_at, file, start), end - start)
        if end < status.st_size:
            stored.seek(end)
            line = stored.readline(limits.statement_bytes + 1)
            if len(line) > limits.statement_bytes:
                stored.seek(start)
                yield from line_chunks(stored.read, start, size, limits)
                return
            end += len(line)
        yield Chunk(start, end - start, path=path, inode=status.st_ino)
        start = end


def _read_at(file: int, start: int, count: int, at: int) -> bytes:
    return os.pread(file, count, start + at)


def _slice_of(data: bytes, count: int, at: int) -> bytes:
    return data[at : at + count]


def _end_of_last_line(data: bytes) -> int:
    return data.rfind(b"\n") + 1


def _end_of_last_row(data: bytes) -> int:
    """The place after the last line end that is not inside quotes, 0 if there is none."""
    quotes = data.count(b'"')
    position = len(data)
    while (found := data.rfind(b"\n", 0, position)) >= 0:
        quotes -= data.count(b'"', found, position)
        if quotes % 2 == 0:
            return found + 1
        position = found
    return 0


def _large_line(
    begun: bytes, read: Read, first_byte: int, size: int, limit: int
) -> tuple[Chunk, bytes]:
    """A line that is too large, of which this much is read, and what was read beyond it."""
    kept, length = begun[: limit + 1], 0
    while begun and (end := begun.find(b"\n") + 1) == 0:
        length += len(begun)
        begun = read(size)
    length += end if begun else 0
    spans = ((0, len(kept)),)
    chunk = Chunk(first_byte, length, kept, spans=spans, line_ends=1 if begun else 0)
    return chunk, begun[end:] if begun else b""
