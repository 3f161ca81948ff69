"""Where inputs are: what the arguments of a command name."""

from __future__ import annotations

import glob
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from loader.errors import InputError, UsageError
from loader.reading.places import Place, find_places, is_remote
from loader.secrets import without_secrets

STDIN = "-"

_KINDS = r"jsonl|ndjson|json|csv|tsv|parquet|gelf"
_PACKED = r"gz|zst|bz2|xz"
_STATEMENT_FILE = re.compile(
    rf".*\.({_KINDS})(\.({_PACKED}))?|.*\.(zip|tar|tgz|tbz2|txz|tar\.({_PACKED}))|[^.]+\.({_PACKED})",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Stretch:
    """Whole lines of an opened file, from one byte to another."""

    file: IO[bytes]
    start: int
    end: int
    first_line: int  # from 1


@dataclass(frozen=True)
class Source:
    """A file of this machine, one elsewhere, or standard input (neither path nor place).

    What was `found` in a folder, not named, may turn out to be no statements. Of a file
    that grows, there may be a `stretch` to be read.
    """

    name: str
    path: Path | None = None
    place: Place | None = None
    found: bool = False
    stretch: Stretch | None = None

    @property
    def size(self) -> int | None:
        """Bytes as stored (compressed or not); None when nobody knows."""
        if self.path is None:
            return self.place.size if self.place else None
        status = self.path.stat()
        return status.st_size if stat.S_ISREG(status.st_mode) else None


def find_sources(arguments: list[str], table: str | None = None) -> list[Source]:
    """The inputs that arguments name: files, folders (searched whole), globs, addresses, or `-`.

    Folders give the files whose name says statements (`may_hold_statements`), in order of
    their names; of a `table` the files are dumps, which have no ending of their own, so
    they are named one by one. Raises UsageError for an argument that names nothing, and
    LoaderError when a place elsewhere cannot be asked.
    """
    sources: list[Source] = []
    for argument in arguments:
        if argument == STDIN:
            sources.append(Source(STDIN))
        elif is_remote(argument):
            sources += _places_of(argument, table)
        elif Path(argument).is_dir():
            if table:
                raise _folder_of_table(argument, table)
            sources += [Source(printable(file), file, found=True) for file in _files_in(argument)]
        else:
            sources += [Source(printable(file), file) for file in _files_of(argument)]
    return sources


def may_hold_statements(name: str) -> bool:
    """Whether a file of this name is read when its folder or archive is.

    One whose name ends like statements, a table or an archive, compressed or not; or that
    of a compressed file which does not say of what.
    """
    return _STATEMENT_FILE.fullmatch(name.rpartition("/")[2]) is not None


def _files_in(folder: str) -> list[Path]:
    found = sorted(
        file
        for place, _, names in os.walk(folder, onerror=_refuse_locked)
        for name in names
        if may_hold_statements(name) and (file := Path(place, name)).is_file()
    )
    if not found:
        raise _empty_folder(folder)
    return found


def _refuse_locked(error: OSError) -> None:
    """What is in a folder that cannot be looked into would be passed over without a word."""
    raise InputError(f"Cannot look into the folder {error.filename}: {error.strerror}.") from error


def _places_of(address: str, table: str | None) -> list[Source]:
    places, is_folder = find_places(address)
    if is_folder:
        folder = without_secrets(address)
        if table:
            raise _folder_of_table(folder, table)
        places = [place for place in places if may_hold_statements(place.name)]
        if not places:
            raise _empty_folder(folder)
    return [Source(place.name, place=place, found=is_folder) for place in places]


def _empty_folder(folder: str) -> UsageError:
    return UsageError(
        f"The folder {folder} holds no statements (.jsonl, .ndjson, .json, .csv, .tsv, .parquet, "
        ".gelf, .zip, .tar, or one of these compressed: .gz, .zst, .bz2, .xz)."
    )


def _folder_of_table(folder: str, table: str) -> UsageError:
    return UsageError(f"{folder} is a folder: name the files of the table {table}.")


def _files_of(argument: str) -> list[Path]:
    if Path(argument).exists():
        return [Path(argument)]
    matching = sorted(Path(name) for name in glob.glob(argument, recursive=True))  # noqa: PTH207
    found = [file for file in matching if not file.is_dir()]
    if not found:
        raise UsageError(f"There is no file {argument}.")
    return found


def printable(path: Path) -> str:
    """A path as text that any encoding can hold."""
    return os.fsencode(path).decode(errors="replace")
