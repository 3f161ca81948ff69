"""Inputs: finding them, opening them, and cutting them into chunks of whole records."""

from __future__ import annotations

import glob
import gzip
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

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


def find_sources(arguments: list[str]) -> list[Source]:
    """The inputs that arguments name: files, folders (searched whole), globs, or `-`.

    Folders give the files with a statement ending, in order of their names.
    Raises UsageError for an argument that names nothing.
    """
    sources: list[Source] = []
    for argument in arguments:
        sources += [Source(STDIN, None)] if argument == STDIN else _files_of(argument)
    return sources


def _files_of(argument: str) -> list[Source]:
    path = Path(argument)
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if _holds_statements(file))
        if not found:
            endings = ", ".join(STATEMENT_ENDINGS)
            raise UsageError(f"The folder {argument} holds no statements ({endings}, or these .gz).")
    elif path.exists():
        found = [path]
    else:
        found = sorted(Path(name) for name in glob.glob(argument, recursive=True))  # noqa: PTH207
        if not found:
            raise UsageError(f"There is no file {argument}.")
    return [Source(str(file), file) for file in found if file.is_file()]


def _holds_statements(path: Path) -> bool:
    name = path.name.lower()
    return path.is_file() and any(
        name.endswith(kind + packed)
        for kind in STATEMENT_ENDINGS
        for packed in COMPRESSED_ENDINGS
    )


class Input:
    """An opened source: its bytes, decompressed, and how far in it we are."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._position = 0
        try:
            self._stored = source.path.open("rb") if source.path else sys.stdin.buffer
        except OSError as error:
            raise LoaderError(f"Cannot read {source.name}: {error.strerror}.") from error
        buffered = cast("io.BufferedReader", self._stored)
        self._content = _decompressed(buffered)

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; b"" at the end. LoaderError if they are damaged."""
        try:
            return self._content.read(size)
        except (EOFError, OSError, ValueError) as error:
            raise LoaderError(
                f"Cannot read {self.source.name} further: {error}. What stood before it has "
                "landed; repair the file and load it again."
            ) from error

    @property
    def position(self) -> int:
        """Bytes of the stored file consumed, to compare with `source.size`."""
        if self.source.path and not self._stored.closed:
            self._position = self._stored.tell()
        return self._position

    def close(self) -> None:
        """Close the file; `position` keeps telling how far it was read."""
        if self.source.path:
            self._position = self.position
            self._stored.close()


def _decompressed(stored: io.BufferedReader) -> BinaryIO:
    """The content of a file, decompressed by what its first bytes say it is."""
    start = stored.peek(4)[:4]
    if start.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stored))
    if start.startswith(_ZSTD):
        import zstandard

        reader = zstandard.ZstdDecompressor().stream_reader(stored, read_across_frames=True)
        return cast("BinaryIO", reader)
    return stored


def chunks(opened: Input) -> Iterator[Chunk]:
    """The input in chunks of whole records, in order.

    Lines unless the name says `.json`, where values are found wherever they stand:
    one statement, an array, `{"statements": […]}`, or one value after the other.
    """
    name = opened.source.name.lower()
    if any(name.endswith(".json" + packed) for packed in COMPRESSED_ENDINGS):
        return JsonRecords(opened.read, CHUNK_BYTES).chunks()
    return _lines(opened)


def _lines(opened: Input) -> Iterator[Chunk]:
    rest = opened.read(len(_BOM))
    first_line, first_byte = 1, 0
    if rest == _BOM:
        first_byte, rest = len(_BOM), b""
    skipping = False
    while block := opened.read(CHUNK_BYTES):
        if skipping:  # the rest of a line that is too large
            end = block.find(b"\n") + 1
            first_byte += end or len(block)
            if not end:
                continue
            first_line, block, skipping = first_line + 1, block[end:], False
        data = rest + block
        end = data.rfind(b"\n") + 1
        if end:
            yield Chunk(data[:end], first_line, first_byte)
            first_line += data.count(b"\n", 0, end)
        elif len(data) > MAX_STATEMENT_BYTES:
            kept = MAX_STATEMENT_BYTES + 1
            yield Chunk(data[:kept], first_line, first_byte, spans=((0, kept),))
            end, skipping = len(data), True
        first_byte += end
        rest = data[end:]
    if rest:
        yield Chunk(rest, first_line, first_byte)
