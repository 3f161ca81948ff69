"""What people do in a real Superset lands once, whatever happens on the way."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loader.engine import connect
from loader.errors import LoaderError
from loader.patience import Patience
from loader.superset import Superset, pull_usage
from loader.superset.server import PAGE_SIZE
from scripts.superset_demo import ADMIN, PASSWORD
from tests.command import Command
from tests.superset.browser import log_in, running_browser
from tests.superset.conftest import Metadata, Served
from tests.superset.on_the_way import between
from tests.warehouse import environment

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    opened = connect(served.settings)
    yield opened
    opened.close()


@pytest.fixture
def log(metadata: Metadata) -> Path:
    """Where Superset's own log is."""
    return metadata.home / "superset.db"


def test_what_people_did_is_what_superset_has(served: Served, client: Client, log: Path) -> None:
    pull_usage(client, served.server)
    asked = [
        (int(number), json.loads(text)["event_name"], user or 0, dashboard or 0, chart or 0)
        for number, text, user, dashboard, chart in _rows(
            log, "SELECT id, json, user_id, dashboard_id, slice_id FROM logs WHERE action = 'log'"
        )
    ]
    assert len(asked) > 500
    assert Counter(asked) == Counter(_landed(client, served.server.url))
    opened: Counter[int] = Counter(one[3] for one in asked if one[1] == "mount_dashboard")
    shown = client.query(
        "SELECT asset_id, sum(views) FROM reporting.rpt_superset_use "
        "WHERE used = 'dashboard' AND superset = {url:String} GROUP BY asset_id",
        parameters={"url": served.server.url},
    ).result_rows
    assert {row[0]: row[1] for row in shown} == opened
    users = _rows(log, "SELECT count(*) FROM ab_user")
    registered = "SELECT count() FROM reporting.rpt_superset_users WHERE superset = {url:String}"
    (row,) = client.query(registered, parameters={"url": served.server.url}).result_rows
    assert row == users[0]


def test_a_second_time_nothing_is_new(served: Served, client: Client) -> None:
    pull_usage(client, served.server)
    before = _landed(client, served.server.url)
    again = pull_usage(client, served.server, LONG_AGO)
    assert (again.landed, again.unreadable) == (0, 0)
    assert again.read == len(before)
    assert _landed(client, served.server.url) == before


def test_what_a_browser_does_is_read(served: Served, client: Client) -> None:
    begin = datetime.now(timezone.utc) - timedelta(seconds=1)
    (analyst,) = (
        row["id"]
        for row in served.server.list("security/users", ("id", "username"))
        if row["username"] == "analyst"
    )
    with running_browser() as browser:
        page = log_in(browser, served.server.url, "analyst", PASSWORD)
        with page.expect_response(
            lambda one: "/log/" in one.url and "mount_dashboard" in (one.request.post_data or "")
        ):
            page.goto(f"{served.server.url}/superset/dashboard/course/")
    pull_usage(client, served.server)
    rows = client.query(
        "SELECT event, dashboard_id > 0 FROM xapi.superset_actions FINAL "
        "WHERE user_id = {user:UInt64} AND happened_at > {begin:DateTime64(6, 'UTC')}",
        parameters={"user": analyst, "begin": begin.replace(tzinfo=None)},
    ).result_rows
    assert ("mount_dashboard", 1) in {tuple(row) for row in rows}


def test_many_entries_of_one_second_and_a_log_that_grows(
    served: Served, client: Client, log: Path
) -> None:
    """As MySQL keeps times; more of them than two pages, and more come while they are read."""
    begin = datetime(2021, 3, 1, 12, 0, 0, tzinfo=timezone.utc)
    _write(log, begin, [f"tied_{place}" for place in range(2 * PAGE_SIZE + 50)])
    grown: list[str] = []

    def grow(_path: str) -> None:
        name = f"grown_{len(grown)}"
        if len(grown) < 3:
            _write(log, begin + timedelta(minutes=1 + len(grown)), [name])
            grown.append(name)

    with between(served.server.url, before=grow) as on_the_way:
        server = Superset(on_the_way.url, ADMIN, PASSWORD)
        pull_usage(client, server, begin)
        pull_usage(client, server, begin)
    events = Counter(one[1] for one in _landed(client, on_the_way.url))
    assert dict.fromkeys(grown, 1).items() <= events.items()
    assert sum(name.startswith("tied_") for name in events) == 2 * PAGE_SIZE + 50
    assert {count for name, count in events.items() if name.startswith("tied_")} == {1}


def test_faults_that_pass_are_waited_for_and_told(served: Served, client: Client) -> None:
    told: list[str] = []
    faults = [503, 429, 500]
    with between(served.server.url, faults) as on_the_way:
        patience = Patience(sleep=lambda _seconds: None)
        server = Superset(on_the_way.url, ADMIN, PASSWORD, patience=patience, tell=told.append)
        usage = pull_usage(client, server, LONG_AGO)
    assert usage.read == usage.landed > 500
    assert [one.split(":")[0] for one in told] == [
        f"Superset answers {status}" for status in (503, 429, 500)
    ]


def test_faults_that_stay_are_one_sentence_and_what_landed_stays(
    served: Served, client: Client
) -> None:
    patience = Patience(attempts=2, sleep=lambda _seconds: None)
    with between(served.server.url, [0, 0, 500, 500]) as on_the_way:
        server = Superset(on_the_way.url, ADMIN, PASSWORD, patience=patience)
        with pytest.raises(LoaderError, match="answers 500 to GET /api/v1/log/"):
            pull_usage(client, server, LONG_AGO)
        landed = _landed(client, on_the_way.url)
        assert 0 < len(landed) <= 2 * PAGE_SIZE
        usage = pull_usage(client, server)
    assert usage.landed + len(landed) == len(_landed(client, on_the_way.url))
    whole = pull_usage(client, served.server, LONG_AGO)
    assert usage.landed + len(landed) == whole.read


def test_a_page_that_does_not_come_is_given_up(served: Served, client: Client) -> None:
    patience = Patience(attempts=1, read_timeout=5)
    with between(served.server.url, slow=True) as on_the_way:
        server = Superset(on_the_way.url, ADMIN, PASSWORD, patience=patience)
        with pytest.raises(LoaderError, match=r"No Superset answers at .*timed out"):
            pull_usage(client, server)


def test_the_command(served: Served, client: Client, tmp_path: Path) -> None:
    variables = environment(served.settings) | {"SUPERSET_PASSWORD": PASSWORD}
    loader = Command(variables, tmp_path)
    url = served.server.url
    client.command("TRUNCATE TABLE xapi.superset_actions")
    dry = loader("superset", "usage", "--url", url, "--dry-run", "--json")
    told = json.loads(dry.stdout)
    assert (told["landed"], told["new"]) == (0, told["read"])
    assert _landed(client, url) == []
    done = json.loads(loader("superset", "usage", "--url", url, "--json").stdout)
    assert done["landed"] == len(_landed(client, url)) > 500
    again = loader("superset", "usage", "--url", url)
    assert again.returncode == 0
    assert "0 actions landed" in again.stdout
    assert "Next: `dbt run`" in again.stdout
    wrong = Command(variables | {"SUPERSET_PASSWORD": "no"}, tmp_path)
    refused = wrong("superset", "usage", "--url", url)
    assert refused.returncode == 1
    assert "refuses the login" in refused.stderr
    assert "Traceback" not in refused.stderr
    analyst = loader("superset", "usage", "--url", url, "--user", "analyst")
    assert analyst.returncode == 1


def test_nobody_is_named(client: Client) -> None:
    """What the warehouse knows of Superset's users are numbers."""
    columns = client.query(
        "SELECT name FROM system.columns WHERE database = 'xapi' "
        "AND table IN ('superset_actions', 'superset_users') AND type LIKE '%String%'"
    ).result_rows
    assert {row[0] for row in columns} == {"superset", "event"}


def _landed(client: Client, url: str) -> list[tuple[int, str, int, int, int]]:
    rows = client.query(
        "SELECT id, event, user_id, dashboard_id, chart_id FROM xapi.superset_actions "
        "WHERE superset = {url:String} ORDER BY id",
        parameters={"url": url},
    ).result_rows
    return [tuple(row) for row in rows]


def _rows(log: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(log, timeout=30)) as opened:
        return opened.execute(query).fetchall()


def _write(log: Path, at: datetime, events: list[str]) -> None:
    moment = at.replace(tzinfo=None).isoformat(" ", timespec="microseconds")
    with closing(sqlite3.connect(log, timeout=30)) as opened, opened:
        opened.executemany(
            "INSERT INTO logs (action, user_id, dttm, json) VALUES ('log', 1, ?, ?)",
            [(moment, json.dumps({"event_name": one})) for one in events],
        )
