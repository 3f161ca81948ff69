"""Inputs: finding them, opening them, and cutting them into chunks of whole records."""

from __future__ import annotations

import glob
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from loader.blocks import MAX_STATEMENT_BYTES, Chunk
from loader.errors import LoaderError, UsageError
from loader.json_records import JsonRecords

STDIN = "-"
CHUNK_BYTES = 8 * 1024 * 1024

STATEMENT_ENDINGS = (".jsonl", ".ndjson", ".json")
COMPRESSED_ENDINGS = ("", ".gz", ".zst")

_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True)
class Source:
    """One input: a file, or standard input (`path` is None)."""

    name: str
    path: Path | None

    @property
    def size(self) -> int | None:
        """Bytes as stored (compressed or not); None when nobody knows."""
        return self.path.stat().st_size if self.path else None


def find_sources(arguments: list[str], table: str | None = None) -> list[Source]:
    """The inputs that arguments name: files, folders (searched whole), globs, or `-`.

    Folders give the files with a statement ending, in order of their names; of a `table`
    the files are dumps, which have no ending of their own, so they are named one by one.
    Raises UsageError for an argument that names nothing, or not what is asked for.
    """
    sources: list[Source] = []
    for argument in arguments:
        if argument == STDIN:
            sources.append(Source(STDIN, None))
            continue
        files = _files_of(argument, table)
        if table is None:
            _refuse_tables(files)
        sources += [Source(_printable(file), file) for file in files]
    return sources


def _files_of(argument: str, table: str | None) -> list[Path]:
    path = Path(argument)
    if path.is_dir():
        if table:
            raise UsageError(f"{argument} is a folder: name the files of the table {table}.")
        found = sorted(file for file in path.rglob("*") if _holds_statements(file))
        if not found:
            endings = ", ".join(STATEMENT_ENDINGS)
            raise UsageError(f"The folder {argument} holds no statements ({endings}).")
        return found
    if path.exists():
        return [path]
    matching = sorted(Path(name) for name in glob.glob(argument, recursive=True))  # noqa: PTH207
    found = [file for file in matching if not file.is_dir()]
    if not found:
        raise UsageError(f"There is no file {argument}.")
    return found


def _refuse_tables(files: list[Path]) -> None:
    for file in files:
        if any(file.name.lower().endswith(".csv" + packed) for packed in COMPRESSED_ENDINGS):
            raise UsageError(
                f"{file} is not statements but a table: `loader ingest --table NAME {file}`."
            )


def _printable(path: Path) -> str:
    """A path as text that any encoding can hold."""
    return os.fsencode(path).decode(errors="replace")


def _holds_statements(path: Path) -> bool:
    name = path.name.lower()
    return path.is_file() and any(
        name.endswith(kind + packed) for kind in STATEMENT_ENDINGS for packed in COMPRESSED_ENDINGS
    )


class Input:
    """An opened source: its bytes, decompressed, and how far in it we are."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.position = 0  # bytes of the stored file consumed, to compare with `source.size`
        try:
            stored = source.path.open("rb") if source.path else sys.stdin.buffer
            self._stored = cast("io.BufferedReader", stored)
            self._content = _decompressed(self._stored)
        except OSError as error:
            raise LoaderError(f"Cannot read {source.name}: {error.strerror}.") from error
        self.is_compressed = self._content is not self._stored

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end. LoaderError if they are damaged."""
        pieces = []
        try:
            while size > 0 and (piece := self._content.read(size)):
                pieces.append(piece)
                size -= len(piece)
            if self.source.path:
                self.position = self._stored.tell()
        except (EOFError, OSError, ValueError, zlib.error, zstandard.ZstdError) as error:
            raise LoaderError(
                f"Cannot read {self.source.name} further: {error}. What has landed stays; "
                "repair the file and load it again."
            ) from error
        return b"".join(pieces)

    def chunks(self) -> Iterator[Chunk]:
        """The input in chunks of whole records, in order.

        Lines unless the name says `.json`, where values are found wherever they stand:
        one statement, an array, `{"statements": […]}`, or one value after the other.
        """
        name = self.source.name.lower()
        if any(name.endswith(".json" + packed) for packed in COMPRESSED_ENDINGS):
            return JsonRecords(self.read, CHUNK_BYTES).chunks()
        start = self.read(len(_BOM))
        if self.source.path and not self.is_compressed:
            return self._stretches(self.source.path, len(_BOM) if start == _BOM else 0)
        return self._lines(b"", len(_BOM)) if start == _BOM else self._lines(start, 0)

    def _lines(self, rest: bytes, first_byte: int) -> Iterator[Chunk]:
        skipping = False
        while block := self.read(CHUNK_BYTES):
            if skipping:  # the rest of a line that is too large
                end = block.find(b"\n")
                first_byte += len(block) if end < 0 else end
                if end < 0:
                    continue
                block, skipping = block[end:], False
            data = rest + block
            end = data.rfind(b"\n") + 1
            if end:
                yield Chunk(first_byte, end, data[:end])
            elif len(data) > MAX_STATEMENT_BYTES:
                kept = MAX_STATEMENT_BYTES + 1
                yield Chunk(first_byte, kept, data[:kept], spans=((0, kept),))
                end, skipping = len(data), True
            first_byte += end
            rest = data[end:]
        if rest:
            yield Chunk(first_byte, len(rest), rest)

    def _stretches(self, path: Path, start: int) -> Iterator[Chunk]:
        """The lines of a plain file as it is now, read by whoever gets the chunk."""
        size = path.stat().st_size
        while start < size:
            end = min(start + CHUNK_BYTES, size)
            if end < size:
                self._stored.seek(end)
                line = self._stored.readline(MAX_STATEMENT_BYTES + 1)
                if len(line) > MAX_STATEMENT_BYTES:
                    self._stored.seek(start)
                    yield from self._lines(b"", start)
                    return
                end += len(line)
            yield Chunk(start, end - start, path=path)
            self.position = start = end

    def close(self) -> None:
        if self.source.path:
            self._stored.close()


def _decompressed(stored: io.BufferedReader) -> BinaryIO:
    """The content of a file, decompressed by what its first bytes say it is."""
    start = stored.peek(4)[:4]
    if start.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stored))
    if start.startswith(_ZSTD):
        return cast("BinaryIO", _ZstdReader(stored))
    return stored


class _ZstdReader:
    """The content of zstd frames; the library's own reader takes a file cut short for whole."""

    def __init__(self, stored: io.BufferedReader) -> None:
        self._stored = stored
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = b""
        self._ready = b""

    def read(self, size: int) -> bytes:
        while not self._ready:
            packed = self._packed or self._stored.read(
                zstandard.DECOMPRESSION_RECOMMENDED_INPUT_SIZE
            )
            if not packed:
                if self._frame:
                    raise EOFError(
                        "Compressed file ended before the end-of-stream marker was reached"
                    )
                return b""
            frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
            self._ready = frame.decompress(packed)
            self._packed = frame.unused_data if frame.eof else b""
            self._frame = None if frame.eof else frame
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece
