"""Warehouses on real engines: embedded, and a server. Every test starts with an empty one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from loader.checkers import Checkers, checkers
from loader.engine import connect
from loader.schema.tables import DATABASES
from loader.settings import Settings
from tests.command import Command
from tests.lrs import TestLrs, running_lrs
from tests.server import running_server
from tests.warehouse import (
    ENGINES,
    PUBLISHED_DATABASES,
    Warehouse,
    environment,
    server_settings,
    settings_of,
)

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# How long an example takes is a matter of what else the machine does.
hypothesis_settings.register_profile("tests", deadline=None)
hypothesis_settings.load_profile("tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of our own."""
    parser.addoption(
        "--write-published-numbers",
        action="store_true",
        help="write tests/consistency/published_numbers.csv anew",
    )
    parser.addoption(
        "--write-chart-queries",
        action="store_true",
        help="write benchmarks/charts anew, of what Superset asks",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to empty one server from several processes."""
    if os.environ.get("CLICKHOUSE_HOST") and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("Tests on the server of CLICKHOUSE_HOST run one by one: no -n.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, and the others in the order in which they were."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def workers() -> Iterator[Checkers]:
    """Worker processes for the whole session; they start when a test first needs them."""
    with checkers(workers=2) as opened:
        yield opened


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A running ClickHouse server."""
    with running_server(tmp_path_factory.mktemp("server")) as address:
        yield server_settings(address)


@pytest.fixture(scope="session", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, list[Client]]]:
    """The settings and two connections of one engine; chDB opens one folder a process."""
    settings: Settings
    if request.param == "server":
        settings = request.getfixturevalue("server")
    else:
        folder = tmp_path_factory.mktemp("warehouse")
        settings = settings_of({"WAREHOUSE_TARGET": "embedded", "WAREHOUSE_PATH": str(folder)})
    clients = [connect(settings), connect(settings)]
    yield settings, clients
    for client in clients:
        client.close()


@pytest.fixture
def warehouse(
    engine: tuple[Settings, list[Client]], workers: Checkers, tmp_path: Path
) -> Warehouse:
    """An empty warehouse on each engine in turn."""
    settings, clients = engine
    made = Warehouse(settings, clients, workers, tmp_path)
    made.empty()
    return made


@pytest.fixture
def alone(tmp_path: Path) -> Command:
    """The command with an embedded warehouse of its own, not there yet."""
    return Command({"WAREHOUSE_PATH": str(tmp_path / "warehouse")}, tmp_path)


@pytest.fixture(params=ENGINES)
def command(request: pytest.FixtureRequest, tmp_path: Path) -> Command:
    """The command on each engine in turn, with a warehouse that holds nothing yet."""
    if request.param == "embedded":
        return Command({"WAREHOUSE_PATH": str(tmp_path / "warehouse")}, tmp_path)
    settings: Settings = request.getfixturevalue("server")
    client = connect(settings)
    for database in (*DATABASES, *PUBLISHED_DATABASES):
        client.command(f"DROP DATABASE IF EXISTS {database} SYNC")
    client.close()
    return Command(environment(settings), tmp_path)


@pytest.fixture
def lrs() -> Iterator[TestLrs]:
    """An LRS without statements."""
    with running_lrs() as running:
        yield running
