"""The library in a few functions, for notebooks and scripts: `from loader import ingest`.

Each opens the warehouse, does one thing, and closes it again, so that an embedded folder is
free for dbt afterwards. Whoever needs more (progress, following, an open connection) calls
what these call: `loader.ingestion`, `loader.exporting`, `loader.overview`, `loader.rejects`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from loader.errors import LoaderError, UsageError, WarehouseBusyError
from loader.exporting import Exported
from loader.loads import Counts, Load
from loader.overview import Status
from loader.settings import Settings
from loader.validation import Finding, Validation

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from loader.reading import Reading

__all__ = [
    "Counts",
    "Exported",
    "Finding",
    "Load",
    "LoaderError",
    "Settings",
    "Status",
    "UsageError",
    "Validation",
    "WarehouseBusyError",
    "export",
    "ingest",
    "status",
    "validate",
]

Paths = str | Path | Sequence[str | Path]
FormatName = Literal["auto", "lines", "json", "csv", "parquet"]


def ingest(
    paths: Paths,
    settings: Settings | None = None,
    *,
    strict: bool = False,
    format: FormatName = "auto",  # noqa: A002  # as the option is called
) -> list[Load]:
    """Land statements, as `loader ingest` does; the warehouse is made if it is not there.

    `paths` names files, folders, globs, or addresses; the settings are those of the environment
    and of `.env` unless some are given. With `strict`, statements must follow the whole
    specification. Gives a load for each file, or member of an archive, with its counts:
    `lines` is always `landed + duplicates + conflicts + rejected`.

    Raises UsageError for paths that name nothing, and LoaderError when a file cannot be read to
    its end or the engine refuses: what has landed stays, and the same call again goes on.
    """
    from loader.checkers import checkers
    from loader.ingestion import CONNECTIONS
    from loader.ingestion import ingest as landed
    from loader.reading import find_sources, refuse_tables
    from loader.schema import initialise, is_current

    used, reading = _with_reading(settings, format)
    sources = find_sources(_names(paths))
    refuse_tables(sources, reading)
    with ExitStack() as stack:
        workers = stack.enter_context(checkers())
        clients = stack.enter_context(_clients(used, CONNECTIONS))
        if not is_current(clients[0]):
            initialise(clients[0], used)
        results = landed(clients, sources, workers, reading, strict=strict)
        return [result for result in results if isinstance(result, Load)]


def validate(
    paths: Paths,
    settings: Settings | None = None,
    *,
    strict: bool = False,
    findings: int = 10,
) -> list[Validation]:
    """Say what is wrong with statements, as `loader validate` does; no warehouse is needed.

    Gives for each file how many records it has, how many would not land and why, and at most
    so many `findings`, each with its line and what is wrong there. Raises as `ingest` does.
    """
    from loader.checkers import checkers
    from loader.reading import find_sources, refuse_tables
    from loader.validation import Request, validate_sources

    used, reading = _with_reading(settings, "auto")
    sources = find_sources(_names(paths))
    refuse_tables(sources, reading)
    with checkers() as workers:
        request = Request(strict, findings, used.limits)
        results = validate_sources(sources, workers, request, reading)
        return [result for result in results if isinstance(result, Validation)]


def export(
    path: str | Path,
    settings: Settings | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    courses: Sequence[str] = (),
    verbs: Sequence[str] = (),
    actors: Sequence[str] = (),
) -> Exported:
    """Write statements into a file, as `loader export` does; its name says how.

    Those that happened from `since` on and before `until` (in UTC unless they have a zone), in
    any of the courses, with any of the verbs, by any of the actors. Gives how many statements
    and bytes were written. Raises UsageError for a name that does not say how, and LoaderError
    when the file cannot be written or there is no warehouse; what stood there is still there.
    """
    from loader.exporting import Selection, export_to_file, kind_of
    from loader.schema import require_current

    used = settings or _configured()
    kind_of(Path(path))
    selection = Selection(_utc(since), _utc(until), tuple(courses), tuple(verbs), tuple(actors))
    with _clients(used, 1) as (client,):
        require_current(client)
        return export_to_file(client, selection, Path(path))


def status(settings: Settings | None = None) -> Status:
    """Say what is in the warehouse, and whether the reports have it, as `loader status` does.

    Raises LoaderError when the warehouse cannot be reached.
    """
    from loader.overview import read_status

    used = settings or _configured()
    with _clients(used, 1) as (client,):
        return read_status(client, used)


def _with_reading(settings: Settings | None, written: FormatName) -> tuple[Settings, Reading]:
    from loader.reading import Format, Reading

    used = settings or _configured()
    return used, Reading(None if written == "auto" else Format(written), used.limits)


def _configured() -> Settings:
    from loader.settings import load_settings

    return load_settings()


def _names(paths: Paths) -> list[str]:
    return [str(one) for one in ([paths] if isinstance(paths, (str, Path)) else paths)]


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=timezone.utc) if moment and moment.tzinfo is None else moment


@contextmanager
def _clients(settings: Settings, count: int) -> Iterator[list[Client]]:
    from loader.engine import connect

    with ExitStack() as stack:
        clients: list[Client] = []
        for _ in range(count):
            clients.append(connect(settings))
            stack.callback(clients[-1].close)
        yield clients
