"""`loader doctor`: what it says of a warehouse that is well, and of one that is not."""

from __future__ import annotations

import json
import shutil
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from loader.doctor import Check, Level, examine, machine
from loader.doctor.engine import GIB, clocks, room
from loader.doctor.examine import folder
from loader.doctor.rights import DBT_RIGHTS, LOADER_RIGHTS, Rights
from loader.schema.migrate import STEPS
from loader.schema.tables import DATABASES
from loader.settings import Settings, Target
from tests.command import Command
from tests.reporting import dbt
from tests.server import ROOT, started_server
from tests.statements import lines, statement
from tests.warehouse import Warehouse, environment, server_settings, settings_of

OF_BOTH = ["loader", "packages", "profile of dbt", "temporary folder"]
OF_ENGINE = ["engine", "rights of loader", "rights of dbt", "tables", "index", "deduplication"]
OF_MACHINE = ["disk", "memory", "clock"]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A dbt project with the profile of the example, whatever the environment says."""
    shutil.copy(ROOT / "profiles.example.yml", tmp_path / "profiles.yml")
    (tmp_path / "dbt_project.yml").touch()
    for name in ("DBT_PROFILES_DIR", *environment(settings_of({}))):
        monkeypatch.delenv(name, raising=False)


def checked(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> dict[str, Check]:
    for name, value in warehouse.environment.items():
        monkeypatch.setenv(name, value)
    return {check.name: check for check in examine(warehouse.settings, warehouse.folder)}


def test_a_warehouse_that_is_well(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    found = checked(warehouse, monkeypatch)
    folder_first = ["folder"] if warehouse.settings.target is Target.EMBEDDED else []
    assert list(found) == [*OF_BOTH, *folder_first, *OF_ENGINE, *OF_MACHINE]
    # How much room and memory there is, is a matter of the machine that tests.
    assert {check for check in found.values() if check.level is not Level.OK} <= {
        found["disk"],
        found["memory"],
        found["temporary folder"],
    }
    assert not any(check.remedy for check in found.values() if check.level is Level.OK)
    assert found["tables"].found.endswith(f"are there, version {len(STEPS)}")


def test_little_room_in_the_temporary_folder() -> None:
    assert machine.room("/tmp", 2 * GIB).level is Level.OK  # noqa: S108
    little = machine.room("/var/tmp", GIB - 1)  # noqa: S108
    assert little.level is Level.WARNING
    assert "TMPDIR" in little.remedy


def test_a_missing_table(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse.client.command("DROP TABLE event_sink.tag SYNC")
    try:
        check = checked(warehouse, monkeypatch)["tables"]
    finally:
        warehouse.client.command("TRUNCATE TABLE xapi.schema_versions")
    assert (check.level, check.found) == (Level.FAILED, "missing: event_sink.tag")
    assert check.remedy.startswith("TRUNCATE TABLE xapi.schema_versions, then `loader init`")


@pytest.mark.parametrize(
    ("versions", "found", "remedy"),
    [
        ([len(STEPS) - 1], f"they have version {len(STEPS) - 1}, this loader needs", "run `loader"),
        (
            [len(STEPS) + 1],
            f"they have version {len(STEPS) + 1}, this loader knows",
            "upgrade xapi",
        ),
    ],
)
def test_tables_of_another_version(
    warehouse: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
    versions: list[int],
    found: str,
    remedy: str,
) -> None:
    warehouse.client.command("TRUNCATE TABLE xapi.schema_versions")
    try:
        for version in versions:
            warehouse.client.command(
                f"INSERT INTO xapi.schema_versions (version) VALUES ({version})"
            )
        check = checked(warehouse, monkeypatch)["tables"]
    finally:
        warehouse.client.command("TRUNCATE TABLE xapi.schema_versions")
    assert check.level is Level.FAILED
    assert check.found.startswith(found)
    assert check.remedy.startswith(remedy)


def test_statements_that_the_index_lacks(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.ingest(lines(statement(1), statement(2)))
    warehouse.client.command("TRUNCATE TABLE xapi.statement_ids")
    warehouse.ingest(lines(statement(2)))  # it lands again, since nobody knows it
    check = checked(warehouse, monkeypatch)["index"]
    assert check.level is Level.FAILED
    assert check.found == "1 of 3 statements are not in the index by id"
    warehouse.client.command(check.remedy.removesuffix("."))
    assert checked(warehouse, monkeypatch)["index"].level is Level.OK
    assert warehouse.ingest(lines(statement(1), statement(2))).counts.duplicates == 2


def test_windows_that_somebody_changed(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = "ALTER TABLE xapi.loads MODIFY SETTING non_replicated_deduplication_window = "
    warehouse.client.command(f"{setting}7")
    check = checked(warehouse, monkeypatch)["deduplication"]
    assert (check.level, check.remedy) == (Level.FAILED, f"{setting}10000.")
    warehouse.client.command(check.remedy.removesuffix("."))
    assert checked(warehouse, monkeypatch)["deduplication"].level is Level.OK


@pytest.mark.parametrize(
    ("free", "used", "level"),
    [
        (GIB - 1, 0, Level.FAILED),
        (2 * GIB, 0, Level.WARNING),
        (20 * GIB, 30 * GIB, Level.WARNING),
        (20 * GIB, 10 * GIB, Level.OK),
    ],
)
def test_room(free: int, used: int, level: Level) -> None:
    assert room("default", free, used).level is level


def test_clocks() -> None:
    assert clocks(timedelta(seconds=4)).level is Level.OK
    late = clocks(timedelta(minutes=2))
    assert (late.level, late.found.partition(" s")[0]) == (Level.WARNING, "120.0")


def test_a_folder_that_cannot_be_written_to() -> None:
    check = folder(Path("/proc/warehouse"))
    assert (check.level, check.found.startswith("/proc cannot be written to")) == (
        Level.FAILED,
        True,
    )


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert folder(tmp_path / "file" / "warehouse").level is Level.FAILED


def test_before_the_beginning_it_says_how_to_begin(command: Command) -> None:
    done = command("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "run `loader init`" in done.stdout
    assert "\nfailed" not in done.stdout
    assert not (command.folder / "warehouse").exists()


def test_the_command_has_a_line_for_each_check(command: Command) -> None:
    assert command("init").returncode == 0
    done = command("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    words = [line.split()[0] for line in done.stdout.splitlines()]
    assert len(words) >= len(OF_BOTH + OF_ENGINE + OF_MACHINE)
    assert set(words) <= {"ok", "warning"}
    told = json.loads(command("doctor", "--json").stdout)
    assert told["ok"] is True
    assert len(told["checks"]) == len(words)
    assert set(told["checks"][0]) == {"name", "level", "found", "remedy"}


def said(done_stdout: str) -> str:
    """What is said of what has failed."""
    (line,) = [line for line in done_stdout.splitlines() if line.startswith("failed")]
    return line


def test_no_server(alone: Command) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = str(unused.getsockname()[1])
        where = {"WAREHOUSE_TARGET": "server", "CLICKHOUSE_HOST": "127.0.0.1"}
        done = alone("doctor", variables=where | {"CLICKHOUSE_PORT": port})
    assert done.returncode == 1
    assert f"No ClickHouse server answers at 127.0.0.1:{port}: check" in said(done.stdout)


def test_a_wrong_password(alone: Command, server: Settings) -> None:
    variables = environment(server) | {"CLICKHOUSE_PASSWORD": "of-mine-alone"}
    done = alone("doctor", variables=variables)
    assert done.returncode == 1
    assert "refuses user 'default': check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD." in said(
        done.stdout
    )
    assert "of-mine-alone" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("written", "found", "remedy"),
    [
        (None, "there is none", "cp profiles.example.yml profiles.yml"),
        ("x: [", "profiles.yml cannot be read: ", "repair it."),
        ("other: {}", "has no xapi_warehouse with such a target", "see profiles.example.yml."),
        (
            "xapi_warehouse: {target: a, outputs: {a: {type: chdb, schema: xapi, path: other}}}",
            "other, the loader's ",
            "let profiles.yml read the same variables",
        ),
        (
            "xapi_warehouse: {target: a, outputs: {a: {type: clickhouse, schema: x, host: h}}}",
            "type is clickhouse, the loader's chdb; schema is x, the loader's xapi; path is None",
            "let profiles.yml read",
        ),
    ],
)
def test_a_profile_that_leads_elsewhere(
    alone: Command, written: str | None, found: str, remedy: str
) -> None:
    profiles = alone.folder / "profiles.yml"
    profiles.unlink()
    if written:
        profiles.write_text(written)
    done = alone("doctor", variables={"HOME": str(alone.folder)})
    assert done.returncode == 1
    assert found in said(done.stdout)
    assert f": {remedy}" in said(done.stdout)


def test_dbt_does_not_read_the_file_that_the_loader_reads(alone: Command) -> None:
    (alone.folder / ".env").write_text("WAREHOUSE_PATH=elsewhere\n")
    del alone.environment["WAREHOUSE_PATH"]
    assert "dbt does not read .env by itself: `dotenv run -- dbt run`" in said(
        alone("doctor").stdout
    )


def user(name: str, *rights: Rights) -> str:
    """A user with these rights, as users.xml has it."""
    grants = {
        f"<query>GRANT {', '.join(privileges)} ON {place}</query>"
        for one in rights
        for place, privileges in one.items()
    }
    return (
        f"<{name}><password>sesame</password><networks><ip>127.0.0.1</ip></networks>"
        f"<profile>default</profile><quota>default</quota>"
        f"<grants>{''.join(sorted(grants))}</grants></{name}>"
    )


READER_RIGHTS: Rights = {f"{name}.*": ("SELECT",) for name in DATABASES}


def test_the_rights_that_are_asked_for_are_those_that_it_takes(tmp_path: Path) -> None:
    users = user("worker", LOADER_RIGHTS, DBT_RIGHTS) + user("reader", READER_RIGHTS)
    with started_server(tmp_path / "server", users=users) as address:
        as_worker = server_settings(
            address, {"CLICKHOUSE_USER": "worker", "CLICKHOUSE_PASSWORD": "sesame"}
        )
        loader = Command(environment(as_worker), tmp_path)
        assert loader("doctor").returncode == 0
        (tmp_path / "in.jsonl").write_bytes(lines(*map(statement, range(1, 15))))
        assert loader("ingest", "in.jsonl").returncode == 0
        dbt(as_worker, "seed")
        dbt(as_worker, "run")
        assert loader("forget", "learner1", "--yes").returncode == 0
        dbt(as_worker, "run", "--full-refresh")
        assert json.loads(loader("doctor", "--json").stdout)["ok"]
        done = loader("doctor", variables={"CLICKHOUSE_USER": "reader"})
        assert done.returncode == 1
        failures = [line for line in done.stdout.splitlines() if line.startswith("failed")]
        assert [line.split()[1:4] for line in failures] == [
            ["rights", "of", "loader"],
            ["rights", "of", "dbt"],
        ]
        assert "GRANT INSERT, ALTER TABLE, CREATE DATABASE, " in failures[0]
