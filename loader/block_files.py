"""Blocks: statements in files that the engine takes as they are (its Native format, packed)."""

from __future__ import annotations

import itertools
import mmap
import os
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import zstandard

from loader.scanner import Texts, write_texts

if TYPE_CHECKING:
    from numpy import int64, uint8
    from numpy.typing import NDArray

# The columns of a block, in the order it is written (ClickHouse's Native format).
BLOCK_COLUMNS = ("event_id", "emission_time", "event")
BLOCK_TYPES = "event_id UUID, emission_time DateTime64(6, 'UTC'), event String"
_numbers = itertools.count()

# Packing a block takes less time than writing and sending all of it. Statements repeat so much
# that the fastest level makes a tenth of them.
_LEVEL = -5


def write_block(
    folder: Path, ids: NDArray[uint8], times: NDArray[int64], texts: Texts
) -> tuple[Path, int]:
    """Write rows as one block, packed with zstd; the file, and where in it the texts begin."""
    head = b"".join(
        (
            varint(len(BLOCK_COLUMNS)) + varint(len(times)),
            # The engine stores an id as two halves, each with its lowest byte first.
            _column(b"event_id", b"UUID") + ids.reshape(-1, 2, 8)[:, :, ::-1].tobytes(),
            _column(b"emission_time", b"DateTime64(6, 'UTC')") + times.tobytes(),
            _column(b"event", b"String"),
        )
    )
    written = write_texts(texts)
    packing = zstandard.ZstdCompressor(_LEVEL).compressobj(len(head) + len(written))
    path = folder / f"{os.getpid()}-{next(_numbers)}.native.zst"
    path.write_bytes(packing.compress(head) + packing.compress(written) + packing.flush())
    return path, len(head)


def unpacked(block: Path) -> mmap.mmap:
    """The content of a block. It is on disk: there may be many of them at a time."""
    with TemporaryFile(dir=block.parent) as file, block.open("rb") as packed:
        zstandard.ZstdDecompressor().copy_stream(packed, file)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _column(name: bytes, kind: bytes) -> bytes:
    return varint(len(name)) + name + varint(len(kind)) + kind


def varint(number: int) -> bytes:
    """A length as ClickHouse's Native format writes it (LEB128)."""
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def texts_of(block: mmap.mmap, start: int, count: int) -> list[slice]:
    """Where the texts of a block stand, from where they begin."""
    found = []
    for _ in range(count):
        length = shift = 0
        while (byte := block[start]) > 127:
            length |= (byte & 127) << shift
            shift += 7
            start += 1
        length |= byte << shift
        start += 1
        found.append(slice(start, start + length))
        start += length
    return found
