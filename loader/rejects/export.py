"""Take rejects out, verbatim, so that they can be mended by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from loader.errors import LoaderError
from loader.rejects.selection import Reject, Wanted, pages, sources_of
from loader.written import written_whole

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def ids_path(path: Path) -> Path:
    """The file beside an export that says which of its lines is which reject."""
    return path.with_name(f"{path.name}.rejects")


def export_rejects(client: Client, wanted: Wanted, path: Path) -> int:
    """Write the texts of rejects into a file, one a line, and their ids into one beside it.

    An end of line within a text becomes a blank. Returns how many were written. Raises
    LoaderError if one of the files cannot be written; then what was there before still is.
    """
    try:
        with written_whole(ids_path(path)) as ids, written_whole(path) as file:
            return _write(
                client,
                wanted,
                file,
                lambda reject: ids.write(f"{reject.id}\n".encode()),
            )
    except OSError as error:
        raise LoaderError(f"Cannot write {path}: {error.strerror or error}.") from error


def write_rejects(client: Client, wanted: Wanted, file: IO[bytes]) -> int:
    """Write the texts of rejects into an opened file, one a line; returns how many."""
    return _write(client, wanted, file, lambda _reject: None)


def _write(
    client: Client, wanted: Wanted, file: IO[bytes], note: Callable[[Reject], object]
) -> int:
    count = 0
    for source, _ in sources_of(client, wanted):
        for page in pages(client, wanted, source):
            for reject, raw in page:
                file.write(raw.replace(b"\n", b" ") + b"\n")
                note(reject)
            count += len(page)
    return count
