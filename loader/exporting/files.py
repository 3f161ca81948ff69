"""Statements written as JSON lines or Parquet; a file is there whole or not at all."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import zstandard

from loader.errors import LoaderError, UsageError
from loader.exporting.selection import Selection
from loader.progress import Progress, no_progress
from loader.written import written_whole

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Rows of Parquet that are compressed together, in bytes of statements.
_ROW_GROUP_BYTES = 32 * 1024 * 1024


class Kind(str, Enum):
    """How statements are written."""

    LINES = "lines"
    PARQUET = "parquet"


@dataclass(frozen=True)
class Exported:
    """What has been written."""

    statements: int
    bytes: int  # of their texts


_KINDS = {".jsonl": Kind.LINES, ".ndjson": Kind.LINES, ".parquet": Kind.PARQUET}
_PACKERS: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": lambda file: gzip.GzipFile(fileobj=file, mode="wb", mtime=0),
    ".zst": lambda file: zstandard.ZstdCompressor().stream_writer(file, closefd=False),
    ".bz2": lambda file: bz2.BZ2File(file, "wb"),
    ".xz": lambda file: lzma.LZMAFile(file, "wb"),  # noqa: SIM115  # the caller closes it
}


def kind_of(path: Path) -> Kind:
    """What is to be written into a file of this name. Raises UsageError if it does not say."""
    packed = path.suffix.lower() in _PACKERS
    kind = _KINDS.get(Path(path.stem if packed else path.name).suffix.lower())
    if kind is None:
        raise UsageError(
            f"The name of {path} does not say what to write: let it end with .jsonl, .jsonl.gz, "
            ".jsonl.zst, .jsonl.bz2, .jsonl.xz or .parquet."
        )
    if packed and kind is Kind.PARQUET:
        raise UsageError(f"{path}: Parquet is compressed in itself, let it end with .parquet.")
    return kind


def export_to_file(
    client: Client,
    selection: Selection,
    path: Path,
    progress: Progress = no_progress,
) -> Exported:
    """Write statements into a file, in the way its name says; what was there is replaced.

    Raises UsageError for a name that does not say it, and LoaderError when the engine
    refuses or the file cannot be written. Then what was there before still is.
    """
    kind = kind_of(path)
    pack = _PACKERS.get(path.suffix.lower())
    try:
        with written_whole(path) as file, ExitStack() as stack:
            content = stack.enter_context(pack(file)) if pack else file
            return export_to_stream(client, selection, content, kind, progress)
    except OSError as error:
        raise LoaderError(f"Cannot write {path}: {error.strerror or error}.") from error


def export_to_stream(
    client: Client,
    selection: Selection,
    file: IO[bytes],
    kind: Kind = Kind.LINES,
    progress: Progress = no_progress,
) -> Exported:
    """Write statements into an opened file, block by block, in constant memory."""
    write = _write_lines if kind is Kind.LINES else _write_parquet
    statements = size = 0
    for texts in write(client, selection, file):
        statements += len(texts)
        size += sum(map(len, texts))
        progress(size, statements)
    return Exported(statements, size)


def _write_lines(client: Client, selection: Selection, file: IO[bytes]) -> Iterator[list[bytes]]:
    """One statement a line, so an end of line within one becomes a blank."""
    for (texts,) in selection.blocks(client, "event"):
        file.write(b"".join(text.replace(b"\n", b" ") + b"\n" for text in texts))
        yield texts


def _write_parquet(client: Client, selection: Selection, file: IO[bytes]) -> Iterator[list[bytes]]:
    """The columns that Ralph and Open edX Aspects have; the text as it landed."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema(
        [
            pyarrow.field("event_id", pyarrow.string(), nullable=False),
            pyarrow.field("emission_time", pyarrow.timestamp("us", tz="UTC"), nullable=False),
            pyarrow.field("event", pyarrow.string(), nullable=False),
        ]
    )
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for columns in _grouped(selection.blocks(client, "event_id", "time", "event")):
            ids, times, texts = columns
            arrays = [
                pyarrow.array(ids, schema.field(0).type),
                pyarrow.array(times, schema.field(1).type),
                # Other writers than the loader may have landed what is not UTF-8.
                pyarrow.array(texts, pyarrow.binary()).view(pyarrow.string()),
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            yield texts


def _grouped(blocks: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Blocks put together until they are worth a row group."""
    group: list[list[Any]] = []
    size = 0
    for block in blocks:
        group = [one + other for one, other in zip(group, block, strict=True)] if group else block
        size += sum(map(len, block[-1]))
        if size >= _ROW_GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group
