"""Writing lines to a plain or compressed file."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

import zstandard

LINES_AT_ONCE = 2_000
SUFFIXES = {None: "", "gzip": ".gz", "zstd": ".zst"}
GZIP_LEVEL = 4
ZSTD_LEVEL = 3


class LineWriter:
    """Writes lines in batches and counts them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.lines = 0
        self.batch: list[str] = []

    def write(self, line: str) -> None:
        """Add a line; lone surrogates in it stand for raw bytes."""
        self.lines += 1
        self.batch.append(line)
        if len(self.batch) >= LINES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Hand the lines so far to the file."""
        if self.batch:
            text = "\n".join(self.batch) + "\n"
            self.file.write(text.encode("utf-8", "surrogateescape"))
            self.batch.clear()


@contextmanager
def open_lines(path: Path, compress: Literal["gzip", "zstd"] | None) -> Iterator[LineWriter]:
    """Open a file for lines; everything is written when the context is left."""
    with path.open("wb") as raw:
        if compress == "gzip":
            # Neither name nor time in the header: equal content gives an equal file.
            with gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as packed:
                writer = LineWriter(cast("IO[bytes]", packed))
                yield writer
                writer.flush()
        elif compress == "zstd":
            with zstandard.ZstdCompressor(level=ZSTD_LEVEL).stream_writer(raw) as stream:
                writer = LineWriter(cast("IO[bytes]", stream))
                yield writer
                writer.flush()
        else:
            writer = LineWriter(raw)
            yield writer
            writer.flush()
