"""`loader access` as its users run it, and the services' users at their work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loader.engine import connect
from loader.errors import LoaderError
from tests.access.conftest import PASSWORD, STATEMENTS, Platform
from tests.command import Command
from tests.reporting import PROJECT, manifest
from tests.warehouse import environment

PASSWORDS = {
    f"ACCESS_PASSWORD_WAREHOUSE_{name}": PASSWORD
    for name in ("LOADER", "DBT", "PRIVACY", "SUPERSET")
}


@pytest.fixture
def here(platform: Platform, tmp_path: Path) -> Command:
    """The command beside access.yml and dbt's target, for the server's administrator."""
    (tmp_path / "target").mkdir()
    (tmp_path / "target/manifest.json").write_text(json.dumps(manifest(), default=str))
    (tmp_path / "access.yml").write_text((PROJECT / "access.yml").read_text())
    return Command(environment(platform.settings), tmp_path)


def test_the_server_is_as_the_file_says(here: Command) -> None:
    done = here("access", "check")
    assert done.stdout.startswith("access.yml covers all that is published; server, 127.0.0.1")
    assert done.returncode == 0


def test_what_the_server_has_otherwise_is_told(here: Command) -> None:
    path = here.folder / "access.yml"
    text = path.read_text()
    text = text.replace("small_group_size: 5", "small_group_size: 6")
    text = text.replace("limits: {seconds: 10,", "limits: {seconds: 11,")
    text = text.replace("relations: [learners]\n", "relations: [learners, catalogue]\n")
    text = text.replace("  warehouse_loader: [loader]", "  warehouse_loader: [retention]")
    text = text.replace("      xapi.pulls: [SELECT, INSERT]\n", "")
    path.write_text(text)
    done = here("access", "check", "--json")
    assert done.returncode == 1
    told = "\n".join(json.loads(done.stdout)["differences"])
    for difference in (
        "reporting.dim_courses is given to those who see their own rows, and its rows are nobody's",
        "warehouse_learner: max_execution_time is 10, not 11.",
        "warehouse_learner lacks SELECT on reporting.dim_courses.",
        "warehouse_loader has INSERT on xapi.pulls, which is not in access.yml.",
        "User warehouse_loader is not there, or lacks warehouse_retention.",
        "User warehouse_loader has warehouse_loader, which access.yml does not give.",
    ):
        assert difference in told


def test_published_without_a_rule(here: Command) -> None:
    path = here.folder / "access.yml"
    path.write_text(path.read_text().replace("      - reporting.fct_grade_events\n", ""))
    done = here("access", "check", variables={"WAREHOUSE_TARGET": "embedded"})
    assert done.returncode == 1
    assert done.stdout == (
        "reporting.fct_grade_events is published, and access.yml has it in no group: "
        "nobody may read it.\n1 difference. docs/access.md says what to do.\n"
    )


def test_an_embedded_warehouse_has_a_file_and_no_users(here: Command) -> None:
    embedded = {"WAREHOUSE_TARGET": "embedded"}
    done = here("access", "check", variables=embedded)
    assert (done.returncode, done.stderr) == (0, "")
    assert "An embedded warehouse has no users." in done.stdout
    done = here("access", "apply", variables=embedded)
    assert done.returncode == 2
    assert "is for servers" in done.stderr


def test_sql_and_xml_are_printed(here: Command) -> None:
    refused = here("access", "sql")
    assert refused.returncode == 2
    assert "set ACCESS_PASSWORD_WAREHOUSE_LOADER, " in refused.stderr
    done = here("access", "sql", variables=PASSWORDS)
    assert done.returncode == 0
    assert "CREATE USER IF NOT EXISTS `warehouse_loader` IDENTIFIED" in done.stdout
    assert PASSWORD not in done.stdout
    alone = here("access", "sql", "--no-users")
    assert alone.returncode == 0
    assert "warehouse_loader` IDENTIFIED" not in alone.stdout
    cluster = {"WAREHOUSE_TARGET": "cluster", "CLICKHOUSE_CLUSTER": "all"}
    assert (
        "CREATE ROLE IF NOT EXISTS `warehouse_admin` ON CLUSTER `all`;"
        in here("access", "sql", "--no-users", variables=cluster).stdout.splitlines()
    )
    xml = here("access", "xml", variables=PASSWORDS)
    assert xml.returncode == 0
    assert "<warehouse_superset>" in xml.stdout
    assert PASSWORD not in xml.stdout


def test_without_a_manifest(alone: Command) -> None:
    done = alone("access", "check")
    assert done.returncode == 2
    assert "There is no target/manifest.json: run `dbt parse` first" in done.stderr


def test_apply_shows_what_it_would_run(here: Command) -> None:
    """The server of the tests keeps no users by SQL: it reads statements, and refuses them."""
    dry = here("access", "apply", "--dry-run", "--no-users")
    assert dry.returncode == 0
    assert dry.stdout == here("access", "sql", "--no-users").stdout
    done = here("access", "apply", "--no-users")
    assert done.returncode == 1
    assert "ClickHouse refused: " in done.stderr
    assert "insert role" in done.stderr


def test_the_loaders_user_lands_and_can_do_no_more(platform: Platform) -> None:
    """That it can land and load is how the platform was made."""
    loader = Command(environment(platform.settings_of("warehouse_loader")), platform.folder)
    status = loader("status")
    assert (status.returncode, status.stderr) == (0, "")
    for query in (
        "SELECT * FROM reporting.fct_learner_course_status",
        "SELECT * FROM xapi.int_learner_courses",
        "SELECT * FROM reporting_pii.dim_learner_profiles",
        "ALTER TABLE xapi.xapi_events_all DELETE WHERE 1",
        "ALTER TABLE xapi.xapi_events_all UPDATE event = '' WHERE 1",
        "TRUNCATE TABLE xapi.xapi_events_all",
        "DROP TABLE xapi.loads",
        "INSERT INTO xapi.stg_xapi__statements (event_id) VALUES (generateUUIDv4())",
        "CREATE TABLE xapi.mine (a String) ENGINE = Memory",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    ):
        assert platform.refusal("warehouse_loader", query) == "ACCESS_DENIED", query


def test_dbts_user_builds_and_can_do_no_more(platform: Platform) -> None:
    """That it can build is how the platform was made."""
    for query in (
        "INSERT INTO xapi.xapi_events_all (event) VALUES ('')",
        "ALTER TABLE xapi.xapi_events_all DELETE WHERE 1",
        "TRUNCATE TABLE xapi.rejected_statements",
        "DROP TABLE xapi.xapi_events_all",
        "INSERT INTO event_sink.tag (id) VALUES (1)",
        "SELECT * FROM access.course_grants",
        "INSERT INTO access.course_grants (username) VALUES ('a')",
        "CREATE DATABASE mine",
        "SELECT * FROM system.users",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    ):
        assert platform.refusal("warehouse_dbt", query) == "ACCESS_DENIED", query


def test_who_looks_after_privacy_hands_out_and_removes(platform: Platform) -> None:
    user = environment(platform.settings_of("warehouse_privacy"))
    loader = Command(user, platform.folder)
    out = platform.folder / "out.jsonl"
    done = loader("export", "-o", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_text().count("\n") == STATEMENTS
    dry = loader("forget", "--username", "north_amber0", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    for query in (
        "DROP TABLE xapi.xapi_events_all",
        "CREATE TABLE xapi.mine (a String) ENGINE = Memory",
        "CREATE USER mine",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    ):
        assert platform.refusal("warehouse_privacy", query) == "ACCESS_DENIED", query


def test_nobody_logs_in_as_the_views_user(platform: Platform) -> None:
    with pytest.raises(LoaderError, match="refuses user 'warehouse_views'"):
        connect(platform.settings_of("warehouse_views"))
