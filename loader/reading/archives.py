"""Archives: the files in a zip or tar, one after the other, nothing written to disk."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, cast

from loader.errors import InputError
from loader.reading.compression import Allowance, Read

FAULTS = (zipfile.BadZipFile, tarfile.TarError, NotImplementedError)
"""What is raised for an archive that is damaged or cut short, or packed in some rare way."""

_BLOCK = 512
_READ_AT_A_TIME = 1024 * 1024
_ENCRYPTED = 1


@dataclass(frozen=True)
class Member:
    """A file in an archive; it can be read until the next one is asked for."""

    name: str
    size: int
    read: Read


def is_zip(head: bytes) -> bool:
    """Whether content that begins like this is a zip archive, be it an empty one."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(head: bytes) -> bool:
    """Whether content that begins like this is a tar archive (POSIX or GNU)."""
    return head[257:262] == b"ustar"


def zip_members(file: IO[bytes], name: str, size: int, allowance: Allowance) -> Iterator[Member]:
    """The files in a zip, which can be read at any place and has `size` bytes.

    Raises LoaderError for a file that needs a password.
    """
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            if info.flag_bits & _ENCRYPTED:
                raise InputError(
                    f"{name}/{info.filename} needs a password: unpack the archive first."
                )
            with archive.open(info) as opened:
                yield _member(info.filename, info.file_size, opened.read, allowance, lambda: size)


def tar_members(read: Read, allowance: Allowance) -> Iterator[Member]:
    """The files in a tar, read from its beginning to its end."""
    watched = _Watched(read)
    fileobj = cast("IO[bytes]", watched)
    with tarfile.open(
        fileobj=fileobj, mode="r|", bufsize=_READ_AT_A_TIME, tarinfo=_Header
    ) as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # or it keeps all it has seen
            opened = archive.extractfile(info) if info.isreg() and not info.issparse() else None
            if opened:
                with opened:
                    yield _member(
                        info.name, info.size, opened.read, allowance, lambda: watched.position
                    )
        # tarfile takes whatever it cannot read for the end.
        if watched.at(archive.offset, _BLOCK) != bytes(_BLOCK):
            raise tarfile.ReadError("the archive is cut short or damaged")


class _Header(tarfile.TarInfo):
    """A header, which tarfile keeps in memory whole: names, times and the like."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _OTHER_HEADERS and self.size > _READ_AT_A_TIME:
            raise tarfile.ReadError(f"a header of {self.size:,} bytes, as only damage makes it")
        return cast("tarfile.TarInfo", super()._proc_member(archive))  # type: ignore[misc]


_OTHER_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


def _member(
    name: str, size: int, read: Read, allowance: Allowance, packed_so_far: Callable[[], int]
) -> Member:
    def counted(wanted: int) -> bytes:
        data = read(min(wanted, _READ_AT_A_TIME))
        allowance.take(len(data), packed_so_far())
        return data

    shown = "".join(one if one.isprintable() else "\ufffd" for one in name.removeprefix("./"))
    return Member(shown, size, counted)


class _Watched:
    """A stream that remembers the end of what was read of it."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._kept = b""
        self.position = 0

    def read(self, size: int) -> bytes:
        data = self._read(size)
        self.position += len(data)
        self._kept = (self._kept + data)[-2 * _READ_AT_A_TIME :]
        return data

    def at(self, position: int, size: int) -> bytes:
        start = position - (self.position - len(self._kept))
        return self._kept[start : start + size] if start >= 0 else b""
