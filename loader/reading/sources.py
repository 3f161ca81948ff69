"""Where inputs are: what the arguments of a command name."""

from __future__ import annotations

import glob
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from loader.errors import UsageError

STDIN = "-"

_KINDS = r"jsonl|ndjson|json|csv|parquet|gelf"
_PACKED = r"gz|zst|bz2|xz"
_STATEMENT_FILE = re.compile(
    rf".*\.({_KINDS})(\.({_PACKED}))?|.*\.(zip|tar|tgz|tbz2|txz|tar\.({_PACKED}))|[^.]+\.({_PACKED})",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Source:
    """A file, or standard input (`path` is None).

    What was `found` in a folder, not named, may turn out to be no statements.
    """

    name: str
    path: Path | None
    found: bool = False

    @property
    def size(self) -> int | None:
        """Bytes as stored (compressed or not); None when nobody knows."""
        if self.path is None:
            return None
        status = self.path.stat()
        return status.st_size if stat.S_ISREG(status.st_mode) else None


def find_sources(arguments: list[str], table: str | None = None) -> list[Source]:
    """The inputs that arguments name: files, folders (searched whole), globs, or `-`.

    Folders give the files whose name says statements (`may_hold_statements`), in order of
    their names; of a `table` the files are dumps, which have no ending of their own, so
    they are named one by one. Raises UsageError for an argument that names nothing.
    """
    sources: list[Source] = []
    for argument in arguments:
        if argument == STDIN:
            sources.append(Source(STDIN, None))
        elif Path(argument).is_dir():
            if table:
                raise UsageError(f"{argument} is a folder: name the files of the table {table}.")
            sources += [Source(_printable(file), file, found=True) for file in _files_in(argument)]
        else:
            sources += [Source(_printable(file), file) for file in _files_of(argument)]
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
        for file in Path(folder).rglob("*")
        if may_hold_statements(file.name) and file.is_file()
    )
    if not found:
        raise UsageError(
            f"The folder {folder} holds no statements (.jsonl, .ndjson, .json, .csv, .parquet, "
            ".gelf, .zip, .tar, or one of these compressed: .gz, .zst, .bz2, .xz)."
        )
    return found


def _files_of(argument: str) -> list[Path]:
    if Path(argument).exists():
        return [Path(argument)]
    matching = sorted(Path(name) for name in glob.glob(argument, recursive=True))  # noqa: PTH207
    found = [file for file in matching if not file.is_dir()]
    if not found:
        raise UsageError(f"There is no file {argument}.")
    return found


def _printable(path: Path) -> str:
    """A path as text that any encoding can hold."""
    return os.fsencode(path).decode(errors="replace")
