"""Files that come and grow: what is new in some folders since they were looked at last.

A file of lines is read as far as its lines are whole; what follows is read when it is.
Every other file is read when two looks found it unchanged. A file is known by its inode,
so it may be renamed, and one that takes its name is another. It stays open while it
grows: what was written to it just before it was rotated away is not missed.
"""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import xxhash

from loader.errors import InputError, UsageError
from loader.reading.formats import HEAD_BYTES, Format, is_lines
from loader.reading.inputs import AS_IT_COMES, Reading, is_table
from loader.reading.places import is_remote
from loader.reading.sources import STDIN, Source, Stretch, may_hold_statements, printable

# Files that are kept open, those that grew last. Others are opened again when they grow.
KEPT_OPEN = 200

_BLOCK = 64 * 1024
_KNOWN_BY = 1024  # bytes at its beginning by which a file is known to be the one it was

_Key = tuple[int, int]  # device and inode
_State = tuple[int, int]  # size and time of the last change


@dataclass
class News:
    """What is to be read of a file now; `landed` or `failed` is to be said of it."""

    source: Source
    _file: _Followed
    _state: _State
    _end: int | None = None  # of what is read of a file of lines

    def landed(self, line_ends: int) -> None:
        """It was read, with so many ends of lines in it."""
        self._file.done = self._state
        self._file.failure = None
        if self._end is not None:
            self._file.consume(self._end, line_ends)

    def failed(self, error: InputError) -> None:
        """It could not be read; it is tried again when the file has changed."""
        self._file.done = self._state
        self._file.failure = error


@dataclass
class _Followed:
    """What is known of a file."""

    path: Path
    file: IO[bytes] | None = None
    seen: _State = (-1, -1)  # at the last look
    done: _State = (-1, -1)  # when everything there was had been read
    consumed: int = 0  # bytes, of a file of lines
    lines: int = 0  # ends of lines in them
    beginning: bytes = b""  # hash of the first of them
    ends_within_line: bool = False
    failure: InputError | None = None

    @property
    def name(self) -> str:
        return printable(self.path)

    def open(self, key: _Key) -> IO[bytes]:
        """The opened file; raises FileNotFoundError if another one has its name."""
        if self.file is None:
            file = self.path.open("rb", buffering=0)
            status = os.fstat(file.fileno())
            if (status.st_dev, status.st_ino) != key:
                file.close()
                raise FileNotFoundError
            self.file = file
        return self.file

    def close(self) -> None:
        if self.file:
            self.file.close()
        self.file = None

    def read(self, start: int, end: int) -> bytes:
        return os.pread(self.file.fileno(), end - start, start) if self.file else b""

    def consume(self, end: int, line_ends: int) -> None:
        self.consumed = end
        self.lines += line_ends
        self.beginning = self._beginning()

    def begins_otherwise(self) -> bool:
        """Whether what was read of it is not there any more: cut off, or written anew."""
        return self._beginning() != self.beginning

    def _beginning(self) -> bytes:
        return xxhash.xxh3_64_digest(self.read(0, min(self.consumed, _KNOWN_BY)))


class Follower:
    """Files, folders and globs of this machine, looked at again and again."""

    def __init__(self, arguments: Sequence[str], reading: Reading = AS_IT_COMES) -> None:
        """Raises UsageError for what cannot be followed, InputError for a locked folder."""
        for argument in arguments:
            if argument == STDIN or is_remote(argument):
                raise UsageError(f"{argument} cannot be followed: name files and folders here.")
            if not Path(argument).exists() and not glob.has_magic(argument):
                raise UsageError(f"There is no file {argument}.")
            if Path(argument).is_dir() and not os.access(argument, os.R_OK | os.X_OK):
                raise InputError(f"Cannot look into the folder {argument}: Permission denied.")
        self._arguments = arguments
        self._format = reading.format
        self._longest = reading.limits.statement_bytes
        self._known: dict[_Key, _Followed] = {}  # those that changed last come last

    def look(self) -> Iterator[News]:
        """What is there to be read now. Files may come and go meanwhile."""
        here: set[_Key] = set()
        for path in self._paths():
            with suppress(FileNotFoundError):  # by its new name it is found at the next look
                status = path.stat()
                key = (status.st_dev, status.st_ino)
                here.add(key)
                known = self._known.setdefault(key, _Followed(path))
                known.path = path
                yield from self._news(key, known, status)
        for key in [key for key in self._known if key not in here]:
            yield from self._news_of_gone(key)
        self._close_some()

    def rests(self) -> Iterator[News]:
        """At the end: what files that are gone end with, though it is no whole line."""
        for known in self._known.values():
            if known.file and os.fstat(known.file.fileno()).st_nlink == 0:
                yield from self._rest(known)

    def unfinished(self) -> list[str]:
        """The files that are there and were not read to their end."""
        return [
            known.name
            for known in self._known.values()
            if known.ends_within_line or known.seen != known.done
        ]

    def failures(self) -> list[InputError]:
        """Why files could not be read."""
        return [known.failure for known in self._known.values() if known.failure]

    def close(self) -> None:
        for known in self._known.values():
            known.close()

    def _paths(self) -> Iterator[Path]:
        for argument in self._arguments:
            path = Path(argument)
            if path.is_dir():
                for file in sorted(path.rglob("*")):
                    if may_hold_statements(file.name) and file.is_file():
                        yield file
            elif path.is_file():
                yield path
            else:
                names = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207
                yield from (Path(name) for name in names if Path(name).is_file())

    def _news(self, key: _Key, known: _Followed, status: os.stat_result) -> Iterator[News]:
        state = (status.st_size, status.st_mtime_ns)
        was, known.seen = known.seen, state
        if state == known.done:
            return
        try:
            known.open(key)
        except PermissionError as error:
            known.done = state
            known.failure = InputError(f"Cannot read {known.name}: {error.strerror}.")
            return
        self._known[key] = self._known.pop(key)
        if known.begins_otherwise() or status.st_size < known.consumed:
            known.consumed = known.lines = 0
        if known.consumed or self._is_lines(known, status.st_size):
            yield from self._lines(known, state)
        elif state == was and status.st_size:
            source = Source(known.name, known.path, found=True)
            yield News(source, known, state)

    def _is_lines(self, known: _Followed, size: int) -> bool:
        if self._format:
            return self._format is Format.LINES
        return not is_table(known.name) and is_lines(known.read(0, HEAD_BYTES), size <= HEAD_BYTES)

    def _lines(self, known: _Followed, state: _State) -> Iterator[News]:
        """The whole lines at the end of a file."""
        size, _ = state
        end = _end_of_lines(known, size, self._longest)
        known.ends_within_line = end < size
        added = known.read(known.consumed, end) if end - known.consumed <= _BLOCK else b"more"
        if not added.strip():
            known.consume(end, added.count(b"\n"))
            known.done = state
        else:
            yield self._stretch(known, state, end)

    def _stretch(self, known: _Followed, state: _State, end: int) -> News:
        assert known.file  # it was opened to be looked into
        stretch = Stretch(known.file, known.consumed, end, known.lines + 1)
        return News(Source(known.name, known.path, stretch=stretch), known, state, end)

    def _news_of_gone(self, key: _Key) -> Iterator[News]:
        """Of a file that was renamed or deleted, if it is still open."""
        known = self._known[key]
        if known.file is None:
            del self._known[key]
            return
        status = os.fstat(known.file.fileno())
        yield from self._news(key, known, status)
        if status.st_nlink == 0:
            yield from self._rest(known)
            known.close()
            del self._known[key]

    def _rest(self, known: _Followed) -> Iterator[News]:
        assert known.file
        status = os.fstat(known.file.fileno())
        if known.ends_within_line and status.st_size > known.consumed:
            state = (status.st_size, status.st_mtime_ns)
            known.ends_within_line = False
            yield self._stretch(known, state, status.st_size)

    def _close_some(self) -> None:
        opened = [known for known in self._known.values() if known.file]
        for known in opened[: max(0, len(opened) - KEPT_OPEN)]:
            known.close()


def _end_of_lines(known: _Followed, size: int, longest: int) -> int:
    """Where the whole lines end. A statement is whole, too, if only its end of line is missing."""
    end, position = known.consumed, size
    while position > known.consumed:
        start = max(known.consumed, position - _BLOCK)
        found = known.read(start, position).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        position = start
    if size - end > longest:
        return end
    rest = known.read(end, size)
    return size if not rest.strip() or _is_object(rest) else end


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
