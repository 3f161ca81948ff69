"""Opened inputs: what they are is found out, and they are cut into chunks of whole records."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, cast

import xxhash

from loader.chunks import Chunk
from loader.csv_rows import STATEMENT_NAMES, Layout, layout_of
from loader.errors import InputError, LoaderError, UsageError
from loader.limits import Limits
from loader.reading import archives, compression
from loader.reading.compression import Allowance, Read, Unpacked
from loader.reading.content import FAULTS, Content, unreadable
from loader.reading.formats import HEAD_BYTES, Format, format_of, refusal
from loader.reading.json_records import JsonRecords
from loader.reading.lines import file_chunks, line_chunks, row_chunks
from loader.reading.parquet import parquet_chunks
from loader.reading.sources import Source, Stretch, may_hold_statements

# What a chunk becomes, while it is checked, has to fit the processor's cache as well as it can.
CHUNK_BYTES = 4 * 1024 * 1024

_HASHED_AT_A_TIME = 8 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_TABLE = re.compile(r"\.[ct]sv(\.\w+)?$", re.IGNORECASE)
_HIDDEN = re.compile(r"(^|/)(\.|__MACOSX/)")


@dataclass(frozen=True)
class Reading:
    """How inputs are read."""

    format: Format | None = None  # None: what the content says
    limits: Limits = field(default_factory=Limits)


AS_IT_COMES = Reading()


@dataclass(frozen=True)
class PassedOver:
    """A file of a folder or an archive that holds no statements."""

    name: str


class NoStatementsError(UsageError):
    """A table without a column of statements."""


@dataclass(frozen=True)
class _Stored:
    """An opened source; it can be read at any place unless it is a stream."""

    file: IO[bytes]
    path: Path | None
    size: int | None
    is_stream: bool
    faults: tuple[type[Exception], ...] = FAULTS  # what reading it raises
    digest: xxhash.xxh3_128 = field(default_factory=xxhash.xxh3_128)  # of what has been read

    def read(self, size: int) -> bytes:
        """The next bytes. A file that is read in its order is hashed by that, too."""
        data = self.file.read(size)
        self.digest.update(data)
        return data


class Input:
    """The content of one file, or of one member of an archive, decompressed."""

    def __init__(
        self,
        content: Content,
        reading: Reading,
        size: int | None,
        packed: Content,
        stored: _Stored | None,
        start: int = 0,
        first_line: int = 1,
    ) -> None:
        """`packed` is what `content` is unpacked from, if it is; `stored` the file it is all of.

        `start` and `first_line` say where in its file the content begins.
        """
        self.name = content.name
        self.size = size  # bytes as stored (compressed or not); None when nobody knows
        self.read: Read = content.read
        self._content = content
        self._reading = reading
        self._packed = packed
        self._stored = stored
        self._start = start
        self.first_line = first_line
        self._is_plain = content is packed and stored is not None and not stored.is_stream
        self._position: int | None = None
        self.grew = False  # whether there was more in the file when all of it had been read

    @property
    def position(self) -> int:
        """Bytes consumed of what is stored, to compare with the size."""
        return self._packed.position if self._position is None else self._position

    @property
    def packed_hash(self) -> str:
        """Of a compressed local file, all of which has been read; else ''."""
        path = self._packed_path
        if not path or self._packed.position != path.stat().st_size:
            return ""
        assert self._stored
        return self._stored.digest.hexdigest()

    def is_packed_as(self, packed_hash: str) -> bool:
        """Whether this is the compressed file of that hash: then it counts as read."""
        path = self._packed_path
        if not path:
            return False
        digest = xxhash.xxh3_128()
        with path.open("rb") as file:
            while data := file.read(_HASHED_AT_A_TIME):
                digest.update(data)
            size = file.tell()
        if digest.hexdigest() != packed_hash:
            return False
        self._position = size
        return True

    @property
    def _packed_path(self) -> Path | None:
        is_packed = self._content is not self._packed
        is_file = self._stored is not None and not self._stored.is_stream
        return self._stored.path if self._stored and is_packed and is_file else None

    def chunks(self) -> Iterator[Chunk]:
        """The input in chunks of whole records, in order.

        Raises LoaderError when it cannot be read to its end, NoStatementsError for a
        table without statements.
        """
        yield from self._chunks()
        if self._stored and self._stored.size is not None and self._stored.path:
            known = max(self.position, self._stored.size)
            self.grew = os.fstat(self._stored.file.fileno()).st_size > known

    def _chunks(self) -> Iterator[Chunk]:
        limits, kind = self._reading.limits, self.format()
        if kind is Format.JSON:
            yield from JsonRecords(self.read, CHUNK_BYTES, limits).chunks()
            return
        if kind is Format.PARQUET:
            yield from self._parquet_chunks()
            return
        start = self._start
        if start == 0 and self._content.head(len(_BOM)) == _BOM:
            start = len(self.read(len(_BOM)))
        if isinstance(kind, Layout):
            yield from row_chunks(self.read, start, CHUNK_BYTES, limits, kind)
        elif self._stored and self._stored.path and self._is_plain:
            file = cast("io.BufferedReader", self._stored.file)
            for chunk in file_chunks(self._stored.path, file, start, CHUNK_BYTES, limits):
                yield chunk
                self._position = chunk.first_byte + chunk.size
        else:
            yield from line_chunks(self.read, start, CHUNK_BYTES, limits)

    def format(self) -> Format | Layout:
        """How statements stand in it. Raises NoStatementsError for a table without any."""
        wanted, head = self._reading.format, self._content.head(HEAD_BYTES)
        found: Format | Layout | None
        if wanted is Format.CSV:
            found = layout_of(head)
        else:
            found = wanted or format_of(head, is_all=len(head) < HEAD_BYTES)
        if found is None and head and (wanted or is_table(self.name)):
            raise NoStatementsError(
                f"{self.name} is not statements but a table: `loader ingest --table NAME "
                f"{self.name}`. (A column of statements is named {', '.join(STATEMENT_NAMES)}.)"
            )
        return found or Format.LINES

    def _parquet_chunks(self) -> Iterator[Chunk]:
        with ExitStack() as stack:
            if self._stored and self._is_plain:
                file = self._stored.file
                file.seek(0)
            else:
                file = stack.enter_context(self._content.spooled())
            with _said(self.name, self._stored.faults if self._stored else FAULTS):
                for chunk in parquet_chunks(file, self.name, CHUNK_BYTES, self._reading.limits):
                    yield chunk
                    self._position = None if stack else file.tell()


def open_inputs(
    source: Source, reading: Reading = AS_IT_COMES
) -> Generator[Input | PassedOver, None, None]:
    """What a source holds: one input, or those of an archive, each until the next is asked for.

    Raises LoaderError for what cannot be read, among it archives within archives.
    """
    if source.stretch:
        yield _stretch_input(source.name, source.stretch, reading)
        return
    with _opened(source) as stored:
        packed = Content(source.name, stored.read, stored.faults)
        allowance = Allowance(source.name, reading.limits.expansion)
        content = _unpacked(packed, allowance)
        head = content.head(HEAD_BYTES)
        if archives.is_zip(head) or archives.is_tar(head):
            for member in _members(content, stored if content is packed else None, allowance):
                if not may_hold_statements(member.name):
                    if not _HIDDEN.search(member.name):
                        yield PassedOver(f"{source.name}/{member.name}")
                    continue
                yield from _member_input(source, member, reading, allowance)
        else:
            opened = Input(content, reading, stored.size, packed, stored)
            yield from _if_statements(opened, source.found)


def is_table(name: str) -> bool:
    """Whether a file is called a table, of statements or of something else."""
    return _TABLE.search(name) is not None


def refuse_tables(sources: Sequence[Source], reading: Reading) -> None:
    """Look into files that were named and are called tables, before anything is begun.

    Raises NoStatementsError for one without a column of statements.
    """
    for source in sources:
        if source.path and not source.found and is_table(source.name) and source.size:
            with closing(open_inputs(source, reading)) as inputs:
                for opened in inputs:
                    if isinstance(opened, Input):
                        opened.format()
                    break


def _stretch_input(name: str, stretch: Stretch, reading: Reading) -> Input:
    position = stretch.start

    def read(size: int) -> bytes:
        nonlocal position
        wanted = min(size, stretch.end - position)
        data = os.pread(stretch.file.fileno(), wanted, position)
        if wanted and not data:
            raise EOFError("it became shorter while it was read")
        position += len(data)
        return data

    content = Content(name, read)
    as_lines = replace(reading, format=Format.LINES)
    size = stretch.end - stretch.start
    return Input(content, as_lines, size, content, None, stretch.start, stretch.first_line)


def _member_input(
    source: Source, member: archives.Member, reading: Reading, allowance: Allowance
) -> Iterator[Input | PassedOver]:
    packed = Content(f"{source.name}/{member.name}", member.read)
    content = _unpacked(packed, allowance)
    head = content.head(HEAD_BYTES)
    if archives.is_zip(head) or archives.is_tar(head):
        raise InputError(
            f"{packed.name} is an archive within an archive: unpack {source.name} and load "
            "what is in it. What has landed stays."
        )
    yield from _if_statements(Input(content, reading, member.size, packed, None), may_be_table=True)


def _if_statements(opened: Input, may_be_table: bool) -> Iterator[Input | PassedOver]:
    if may_be_table:
        try:
            opened.format()
        except NoStatementsError:
            yield PassedOver(opened.name)
            return
    yield opened


@contextmanager
def open_input(source: Source, reading: Reading = AS_IT_COMES) -> Iterator[Input]:
    """The one input that a source is. Raises UsageError for an archive."""
    with closing(open_inputs(source, reading)) as inputs:
        for opened in inputs:
            if isinstance(opened, PassedOver) or opened.name != source.name:
                raise UsageError(f"{source.name} is an archive: unpack it first.")
            yield opened


def _members(
    content: Content, stored: _Stored | None, allowance: Allowance
) -> Iterator[archives.Member]:
    with _said(content.name, stored.faults if stored else FAULTS), ExitStack() as stack:
        if archives.is_tar(content.head(HEAD_BYTES)):
            yield from archives.tar_members(content.read, allowance)
            return
        if stored is None:
            raise InputError(
                f"{content.name} is a compressed zip archive: unpack it once and load the zip."
            )
        file = stack.enter_context(content.spooled()) if stored.is_stream else stored.file
        size = file.seek(0, io.SEEK_END)
        yield from archives.zip_members(file, content.name, size, allowance)


def _unpacked(packed: Content, allowance: Allowance) -> Content:
    """The content of what may be compressed. Raises LoaderError for what cannot be read."""
    content, head = packed, packed.head(HEAD_BYTES)
    if compression.is_compressed(head):
        content = Content(packed.name, Unpacked(head, packed.read, allowance).read)
        head = content.head(HEAD_BYTES)
        if compression.is_compressed(head):
            raise InputError(f"{packed.name} is compressed twice: unpack it once.")
    what = refusal(head)
    if what:
        raise InputError(f"{packed.name} is {what}.")
    return content


@contextmanager
def _opened(source: Source) -> Iterator[_Stored]:
    if source.place:
        with closing(source.place.open()) as opened:
            # Each kind of place has faults of its own.
            yield _Stored(opened, None, source.size, source.place.is_stream, (Exception,))
        return
    if source.path is None:
        yield _Stored(sys.stdin.buffer, None, None, is_stream=True)
        return
    try:
        file = source.path.open("rb")
    except OSError as error:
        raise InputError(f"Cannot read {source.name}: {error.strerror}.") from error
    with file:
        yield _Stored(file, source.path, source.size, is_stream=not file.seekable())


@contextmanager
def _said(name: str, faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Faults of the libraries as sentences."""
    try:
        yield
    except LoaderError:
        raise
    except faults as error:
        raise unreadable(name, error) from error
