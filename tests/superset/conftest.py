"""A real Superset beside a real ClickHouse with a made-up platform, once for all tests here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from loader.access import Access, read_access
from loader.engine import connect
from loader.settings import Settings
from loader.superset import Bundle, Superset, apply, apply_access, read_bundle
from loader.superset.apply import at
from loader.superset.database import database_uri
from scripts.dashboards.__main__ import ASSETS
from scripts.superset_demo import PASSWORD, PEOPLE, add_people, build, use
from scripts.superset_process import preparing, running

# What a test records under this name is shown when all tests have ended.
SHOWN = "shown"


@dataclass(frozen=True)
class Metadata:
    """Where Superset's metadata is, once `wait` has returned."""

    home: Path
    wait: Callable[[], None]

    def copy_to(self, folder: Path) -> Path:
        """The same in another folder, for a Superset that is started otherwise."""
        for name in ("secret_key", "guest_token_secret"):
            (folder / name).write_bytes((self.home / name).read_bytes())
        with (
            closing(sqlite3.connect(self.home / "superset.db")) as source,
            closing(sqlite3.connect(folder / "superset.db")) as target,
        ):
            source.backup(target)
        return folder


@dataclass(frozen=True)
class Served:
    """A Superset with our dashboards, and the warehouse that it shows."""

    server: Superset
    bundle: Bundle
    access: Access
    settings: Settings

    def value(self, query: str) -> Any:
        """The one value of a query, asked of the warehouse itself."""
        client = connect(self.settings)
        try:
            return client.query(query).result_rows[0][0]
        finally:
            client.close()

    def as_user(self, name: str) -> Superset:
        """The same server, as one of the demo's users sees it."""
        return Superset(self.server.url, name, PASSWORD)


@pytest.fixture(scope="session")
def metadata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metadata]:
    """Superset's metadata on its way: half a minute, in which other things can be done."""
    home = tmp_path_factory.mktemp("superset")
    with preparing(home, PASSWORD) as wait:
        yield Metadata(home, wait)


@pytest.fixture(scope="session")
def platform(
    metadata: Metadata, server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The server with a made-up platform, loaded and built; the metadata is made meanwhile."""
    build(tmp_path_factory.mktemp("platform"), server)
    return server


@pytest.fixture(scope="session")
def empty_superset(metadata: Metadata, platform: Settings) -> Iterator[Superset]:
    """A Superset that has nothing yet."""
    metadata.wait()
    with running(metadata.home, PASSWORD) as address:
        yield Superset(address, "admin", PASSWORD)


@pytest.fixture(scope="session")
def served(empty_superset: Superset, platform: Settings, metadata: Metadata) -> Served:
    """Superset after `loader superset apply`, with the users of the demo and what they did."""
    bundle = at(read_bundle(ASSETS), database_uri(platform))
    access = read_access()
    apply(bundle, empty_superset)
    apply_access(access, bundle, empty_superset)
    add_people(empty_superset)
    assert PEOPLE
    use(metadata.home, empty_superset, platform)
    return Served(empty_superset, bundle, access, platform)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures of dashboards are kept to be looked at."""
    folder = ASSETS.parents[1] / "target" / "superset"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have recorded to be looked at, whichever process ran them."""
    shown = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == SHOWN
    ]
    if shown:
        terminalreporter.section("Dashboards, until all charts of the first tab were there")
        terminalreporter.write_line("\n".join(shown))
