"""All checks, in the order in which one has to be well before the next can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from loader.doctor import engine, machine, packages, profile, rights, tables
from loader.doctor.check import Check, Level, failed, ok, warning
from loader.engine import connect, engine_errors
from loader.errors import LoaderError
from loader.settings import Settings, Target

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def examine(settings: Settings, project: Path) -> list[Check]:
    """Look at everything; nothing is changed, and no warehouse is made.

    `project` is the folder in which dbt is run. Where the engine cannot be reached, the
    last check says why, and what depends on it is not looked at.
    """
    found = [
        packages.loader_version(),
        packages.packages(),
        profile.profile(settings, project),
        machine.temporary_folder(),
    ]
    if settings.target is Target.EMBEDDED:
        found.append(folder(settings.path))
        if found[-1].level is Level.FAILED or not settings.path.exists():
            return found
    try:
        client = connect(settings)
    except LoaderError as error:
        return [*found, failed("engine", str(error))]
    return [*found, *_of_engine(client, settings)]


def folder(path: Path) -> Check:
    """Whether the folder of the embedded warehouse is there, and may be written to."""
    remedy = "let this user write there, or set WAREHOUSE_PATH to another folder."
    try:
        nearest = next(one for one in (path, *path.resolve().parents) if one.exists())
    except OSError as error:
        return failed("folder", f"{path} cannot be reached ({error.strerror})", remedy)
    if not nearest.is_dir():
        return failed("folder", f"{nearest} is no folder", "set WAREHOUSE_PATH to another one.")
    try:
        TemporaryFile(dir=nearest).close()  # it never gets a name
    except OSError as error:
        return failed("folder", f"{nearest} cannot be written to ({error.strerror})", remedy)
    if not path.exists():
        return warning("folder", f"there is no warehouse in {path} yet", "run `loader init`.")
    return ok("folder", f"{path} can be written to")


def _of_engine(client: Client, settings: Settings) -> list[Check]:
    checks: list[tuple[str, Callable[[], Check]]] = [
        ("engine", lambda: engine.engine_version(client, settings)),
        ("rights of loader", lambda: rights.loader_rights(client)),
        ("rights of dbt", lambda: rights.dbt_rights(client)),
        ("tables", lambda: tables.tables(client, settings)),
        ("index", lambda: tables.index(client)),
        ("deduplication", lambda: tables.deduplication(client, settings)),
        ("disk", lambda: engine.disk(client)),
        ("memory", lambda: engine.memory(client)),
        ("clock", lambda: engine.clock(client)),
    ]
    return [_looked_at(name, look) for name, look in checks]


def _looked_at(name: str, look: Callable[[], Check]) -> Check:
    """A check, or why it could not be made: then nobody knows, and it may well be well."""
    try:
        with engine_errors():
            return look()
    except LoaderError as error:
        return warning(name, f"cannot be told: {error}")
