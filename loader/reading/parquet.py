"""Statements in a column of a Parquet file, as stores export their tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from loader.chunks import Chunk
from loader.csv_rows import STATEMENT_NAMES
from loader.errors import InputError
from loader.limits import Limits

# Few, since one value may be as large as all others together.
_ROWS_AT_A_TIME = 128


def parquet_chunks(file: IO[bytes], name: str, size: int, limits: Limits) -> Iterator[Chunk]:
    """The rows of a Parquet file, that can be read at any place, in chunks of about `size`.

    A row's line is its number; its byte counts within the texts of the column. Raises
    LoaderError if no column has statements, or the file cannot be read.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file)
        column = _statement_column(table.schema_arrow, name)
        first_byte, begun = 0, _Begun()
        for batch in table.iter_batches(_ROWS_AT_A_TIME, columns=[column]):
            for value in batch.column(0).cast(pyarrow.binary()).to_pylist():
                begun.add((value or b"")[: limits.statement_bytes + 1])
                if begun.size >= size:
                    yield begun.chunk(first_byte)
                    first_byte, begun = first_byte + begun.size, _Begun()
        if begun.spans:
            yield begun.chunk(first_byte)
    except pyarrow.ArrowException as error:
        raise InputError(
            f"Cannot read {name} further: {error}. What has landed stays; "
            "repair the file and load it again."
        ) from error


class _Begun:
    """A chunk that is being filled."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.spans: list[tuple[int, int]] = []
        self.size = 0

    def add(self, text: bytes) -> None:
        self.texts.append(text)
        self.spans.append((self.size, self.size + len(text)))
        self.size += len(text)

    def chunk(self, first_byte: int) -> Chunk:
        data = b"".join(self.texts)
        return Chunk(first_byte, len(data), data, spans=tuple(self.spans), are_rows=True)


def _statement_column(schema: Any, name: str) -> str:
    from pyarrow import types

    columns = {field.name.lower(): field for field in schema}
    for wanted in STATEMENT_NAMES:
        if wanted in columns:
            field = columns[wanted]
            kind = field.type.value_type if types.is_dictionary(field.type) else field.type
            if (
                types.is_string(kind)
                or types.is_large_string(kind)
                or types.is_binary(kind)
                or types.is_large_binary(kind)
            ):
                return str(field.name)
            raise InputError(
                f"{name}: the column {field.name} is {field.type}, not the text of statements."
            )
    raise InputError(
        f"{name} has no column of statements ({', '.join(STATEMENT_NAMES)}); "
        f"it has {', '.join(columns)}."
    )
