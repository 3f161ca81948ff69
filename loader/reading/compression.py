"""Compressed content: recognised by its first bytes, unpacked in small steps, its end checked."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol, cast

import zstandard
from isal import isal_zlib

from loader.errors import InputError

Read = Callable[[int], bytes]

# So much may come out of however little, before what goes in is compared.
_ALWAYS_ALLOWED = 1024 * 1024

# What is unpacked at a time: of a damaged file, so much is lost before the damage.
_STEP = 16 * 1024
_PACKED_STEP = 16 * 1024
# zstd does not let itself be stopped: 4 bytes may become 128 KiB, so few go in at a time.
_PACKED_STEP_OF_ZSTD = 4 * 1024
_XZ_MEMORY = 256 * 1024 * 1024

FAULTS: tuple[type[Exception], ...] = (
    *(EOFError, OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError),
    cast("type[Exception]", isal_zlib.error),
)
"""What is raised for content that is damaged or cut short."""


class Allowance:
    """How much may come out of an input, as a multiple of what went in."""

    def __init__(self, name: str, expansion: int) -> None:
        self._name = name
        self._expansion = expansion
        self._unpacked = 0

    def take(self, unpacked: int, packed_so_far: int) -> None:
        """Count some more bytes. Raises LoaderError when they are too many."""
        self._unpacked += unpacked
        if self._unpacked > max(self._expansion * packed_so_far, _ALWAYS_ALLOWED):
            raise InputError(
                f"Cannot read {self._name} further: it unpacks to more than {self._expansion} "
                "bytes for each of its own, as only files made to do harm usually do. What has "
                "landed stays; if this one is right, set WAREHOUSE_MAX_EXPANSION higher."
            )


class _Decoder(Protocol):
    """Unpacks one frame (gzip: member, xz and bzip2: stream)."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = isal_zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Zstd:
    needs_input = True

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor().decompressobj()

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:  # noqa: ARG002
        return self._inner.decompress(data)


def _xz() -> _Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


# Frames of zstd that hold no content may come first: pzstd says there how long each one is.
_SKIPPED_BY_ZSTD = tuple(bytes((0x50 + number,)) + b"\x2a\x4d\x18" for number in range(16))

_KINDS: tuple[tuple[bytes, Callable[[], _Decoder], int], ...] = (
    (b"\x1f\x8b", _Gzip, _PACKED_STEP),
    *((magic, _Zstd, _PACKED_STEP_OF_ZSTD) for magic in (b"\x28\xb5\x2f\xfd", *_SKIPPED_BY_ZSTD)),
    (b"BZh", bz2.BZ2Decompressor, _PACKED_STEP),
    (b"\xfd7zXZ\x00", _xz, _PACKED_STEP),
)


def is_compressed(head: bytes) -> bool:
    """Whether content that begins like this is compressed in a way that can be read."""
    return any(head.startswith(magic) for magic, _, _ in _KINDS)


class Unpacked:
    """Compressed content as it was, of all its frames."""

    def __init__(self, head: bytes, packed: Read, allowance: Allowance) -> None:
        """`head` is how it begins, and `packed` reads it from there."""
        self._new, self._step = next(
            (new, step) for magic, new, step in _KINDS if head.startswith(magic)
        )
        self._packed = packed
        self._allowance = allowance
        self._taken = 0
        self._rest = b""  # taken and not unpacked yet
        self._frame: _Decoder | None = None
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, b"" at the end; raises one of FAULTS if that is no proper end."""
        while not self._ready:
            if self._frame is None and not self._next_frame():
                return b""
            self._unpack(size)
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece

    def _next_frame(self) -> bool:
        # What was padded to whole blocks, as for tapes, ends with zeros.
        while not (rest := self._rest.lstrip(b"\0")):
            self._rest = self._take()
            if not self._rest:
                return False
        self._rest = rest
        self._frame = self._new()
        return True

    def _unpack(self, size: int) -> None:
        frame = self._frame
        if frame is None:
            return
        packed, self._rest = self._rest, b""
        if not packed and frame.needs_input:
            packed = self._take()
            if not packed:
                raise EOFError("its compressed data is cut short")
        self._ready = frame.decompress(packed, min(size, _STEP))
        self._allowance.take(len(self._ready), self._taken)
        if frame.eof:
            self._rest, self._frame = frame.unused_data, None

    def _take(self) -> bytes:
        packed = self._packed(self._step)
        self._taken += len(packed)
        return packed
