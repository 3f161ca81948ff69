"""What people try who want to see more than they may, each as the role itself."""

from __future__ import annotations

from typing import Any

import pytest
from clickhouse_driver import Client as NativeClient
from clickhouse_driver.clientinfo import ClientInfo

from tests.access.conftest import (
    ALGEBRA,
    COURSES,
    GRANTS,
    HISTORY,
    LEARNER,
    PASSWORD,
    STATISTICS_AGAIN,
    Platform,
    ingest_grants,
)

STATUS = "reporting.fct_learner_course_status"
STATE = "xapi.int_learner_courses"

# By the error with which ClickHouse refuses.
REFUSED = {
    "ACCESS_DENIED": [
        # what lies beneath
        f"SELECT * FROM {STATE}",
        f"SELECT * FROM {STATE} FINAL",
        "SELECT event FROM xapi.xapi_events_all",
        "SELECT raw FROM xapi.rejected_statements",
        "SELECT * FROM event_sink.user_profile",
        "SELECT * FROM access.course_grants",
        "SELECT * FROM access.current_course_grants",
        "SELECT * FROM access.learner_accounts",
        f"SELECT org FROM {STATUS} UNION ALL SELECT org FROM {STATE}",
        f"SELECT org FROM {STATUS} WHERE actor_id IN (SELECT actor_id FROM {STATE})",
        f"SELECT (SELECT any(actor_id) FROM {STATE})",
        f"WITH s AS (SELECT * FROM {STATE}) SELECT * FROM s",
        f"SELECT * FROM {STATUS} AS a JOIN {STATE} AS b ON a.actor_id = b.actor_id",
        f"SELECT * FROM view(SELECT * FROM {STATE})",
        # personal data
        "SELECT * FROM reporting_pii.dim_learner_profiles",
        f"SELECT email FROM {STATUS} JOIN reporting_pii.dim_learner_profiles USING (actor_id)",
        f"SELECT * FROM {STATUS} WHERE actor_id IN "
        "(SELECT actor_id FROM reporting_pii.dim_learner_profiles WHERE name LIKE 'A%')",
        # functions that read tables, indexes, files and servers
        f"SELECT * FROM mergeTreeIndex('xapi', '{STATE.partition('.')[2]}')",
        "SELECT * FROM mergeTreeProjection('xapi', 'xapi_events_all', 'by_arrival')",
        f"SELECT * FROM loop({STATE})",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        f"SELECT * FROM remote('127.0.0.1:1', {STATE})",
        f"SELECT * FROM remoteSecure('127.0.0.1:1', {STATE})",
        "SELECT * FROM s3('http://127.0.0.1:1/bucket/file', 'LineAsString')",
        "SELECT * FROM executable('cat', 'TSV', 'a String')",
        "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM sqlite('/tmp/a', 'b')",
        # what the engine knows of others
        "SELECT * FROM system.users",
        "SELECT * FROM system.role_grants",
        "SELECT * FROM system.row_policies",
        "SELECT * FROM system.processes",
        "SELECT * FROM system.parts",
        "SELECT * FROM system.parts_columns",
        "SELECT * FROM system.query_log",
        "SELECT * FROM system.query_cache",
        "SHOW CREATE USER analyst",
        f"DESCRIBE {STATE}",
        f"SHOW CREATE TABLE {STATE}",
        f"SELECT hasColumnInTable('xapi', '{STATE.partition('.')[2]}', 'org')",
        # changes
        "CREATE TABLE reporting.mine (a String) ENGINE = Memory",
        "CREATE VIEW reporting.mine AS SELECT 1",
        "CREATE TEMPORARY TABLE mine (a String)",
        "CREATE DATABASE mine",
        "CREATE FUNCTION mine AS a -> a",
        "INSERT INTO access.course_grants (username) VALUES ('instructor')",
        "INSERT INTO reporting.dim_courses (org) VALUES ('a')",
        "ALTER TABLE access.course_grants DELETE WHERE 1",
        "DROP TABLE reporting.dim_courses",
        "TRUNCATE TABLE access.grant_loads",
        "SYSTEM FLUSH LOGS",
        "GRANT warehouse_admin TO instructor",
        "CREATE USER mine",
        "BACKUP TABLE reporting.dim_courses TO File('/tmp/mine')",
    ],
    "READONLY": [
        f"SELECT * FROM {STATUS} SETTINGS additional_table_filters = {{'{STATE}': '1'}}",
        f"SELECT * FROM {STATUS} SETTINGS readonly = 0",
        f"SELECT * FROM {STATUS} SETTINGS max_result_rows = 0",
        f"SELECT * FROM {STATUS} SETTINGS enable_parallel_replicas = 1, max_parallel_replicas = 2",
        f"SELECT * FROM {STATUS} SETTINGS apply_row_policy_after_final = 0",
        f"SELECT * FROM {STATUS} SETTINGS use_query_cache = 1",
        f"SELECT * FROM {STATUS} SETTINGS log_comment = 'x'",
        "SET max_execution_time = 0",
    ],
    "SET_NON_GRANTED_ROLE": ["SET ROLE warehouse_admin"],
    "INTO_OUTFILE_NOT_ALLOWED": [f"SELECT * FROM {STATUS} INTO OUTFILE '/tmp/mine'"],
    "SUPPORT_IS_DISABLED": [f"EXECUTE AS analyst SELECT * FROM {STATUS}"],
    "BAD_ARGUMENTS": [
        # A view has no index that could be read past its rows.
        "SELECT * FROM mergeTreeIndex('reporting', 'dim_courses')",
        "SELECT dictGet('mine', 'a', 1)",
    ],
    "CANNOT_EXTRACT_TABLE_STRUCTURE": ["SELECT * FROM merge('xapi', '.*')"],
    "CLUSTER_DOESNT_EXIST": [f"SELECT * FROM clusterAllReplicas('default', {STATE})"],
    "TOO_MANY_ROWS": ["SELECT count() FROM numbers(100000000000)"],
    "TOO_MANY_ROWS_OR_BYTES": ["SELECT number FROM numbers(10000000)"],
    "MEMORY_LIMIT_EXCEEDED": ["SELECT length(groupArray(number)) FROM numbers(900000000)"],
}
TRIES = [(error, query) for error, queries in REFUSED.items() for query in queries]


@pytest.mark.parametrize(("error", "query"), TRIES)
def test_is_refused(platform: Platform, error: str, query: str) -> None:
    assert platform.refusal("instructor", query) == error


@pytest.mark.parametrize("user", ["analyst", "operator", "with_names", LEARNER, "without_role"])
def test_is_refused_to_the_others_too(platform: Platform, user: str) -> None:
    """What lies beneath, and what changes something, is nobody's who reads."""
    for query in REFUSED["ACCESS_DENIED"]:
        if "reporting_pii" in query or STATUS in query or "reporting.dim_courses" in query:
            continue
        assert platform.refusal(user, query) == "ACCESS_DENIED", query


def test_there_are_no_names_in_what_the_engine_lists(platform: Platform) -> None:
    """The lists of databases, tables and columns have what one may read, and nothing else."""
    for table, column in (("tables", "database"), ("columns", "database"), ("databases", "name")):
        found = platform.rows("instructor", f"SELECT DISTINCT {column} FROM system.{table}")
        assert {name for (name,) in found} & {"xapi", "event_sink", "access", "reporting_pii"} == (
            set()
        )
    assert platform.rows("instructor", "SHOW TABLES FROM xapi") == []


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT DISTINCT course_key FROM {STATUS}",
        f"SELECT DISTINCT course_key FROM {STATUS} FINAL",
        f"SELECT DISTINCT course_key FROM (SELECT * FROM {STATUS} UNION ALL "
        f"SELECT * FROM {STATUS})",
        f"SELECT DISTINCT course_key FROM view(SELECT * FROM {STATUS})",
        "SELECT DISTINCT course_key FROM merge('reporting', '^fct_learner_course_status$')",
        f"SELECT DISTINCT b.course_key FROM {STATUS} AS a "
        f"RIGHT JOIN reporting.dim_courses AS b ON a.course_key = b.course_key",
        f"SELECT arrayJoin(groupUniqArray(course_key)) FROM {STATUS}",
        f"SELECT DISTINCT course_key FROM {STATUS} PREWHERE 1",
    ],
)
def test_other_words_show_the_same_courses(platform: Platform, query: str) -> None:
    if platform.refusal("instructor", query) == "ILLEGAL_PREWHERE":
        return  # of a view there is nothing to read before
    assert {key for (key,) in platform.rows("instructor", query)} == COURSES["instructor"]


@pytest.mark.parametrize(
    "condition",
    [
        f"throwIf(course_key = '{HISTORY}') = 0",
        f"throwIf(course_key IN ('{HISTORY}', '{STATISTICS_AGAIN}')) = 0",
        f"intDiv(1, course_key != '{HISTORY}') = 1",
        f"if(course_key = '{HISTORY}', toInt32(actor_id), 1) = 1",
        f"sleepEachRow(if(course_key = '{HISTORY}', 3, 0)) = 0 OR 1",
    ],
)
@pytest.mark.parametrize(
    "relation", [STATUS, "reporting.fct_statements", "reporting.rpt_learner_summary"]
)
def test_errors_tell_nothing_of_other_rows(
    platform: Platform, relation: str, condition: str
) -> None:
    """A condition is evaluated for rows that one may see, and for no others."""
    seen = platform.value("instructor", f"SELECT count() FROM {relation}")
    assert platform.value("instructor", f"SELECT count() FROM {relation} WHERE {condition}") == seen
    # The same condition does fail for who sees the course.
    if "sleep" not in condition:
        query = f"SELECT count() FROM {relation} WHERE {condition}"
        assert platform.refusal("analyst", query) != ""


def test_nobody_asks_in_the_name_of_another(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The native protocol lets a client say for whom it asks, as servers of a cluster do."""
    write = ClientInfo.write

    def pretend(self: ClientInfo, *arguments: Any) -> None:
        self.query_kind = ClientInfo.QueryKind.SECONDARY_QUERY
        self.initial_user, self.initial_query_id = "admin", "1"
        write(self, *arguments)

    monkeypatch.setattr(ClientInfo, "write", pretend)
    client = NativeClient(
        platform.settings.host, platform.native_port, user="instructor", password=PASSWORD
    )
    query = f"SELECT currentUser(), groupUniqArray(course_key) FROM {STATUS}"
    try:
        ((said, courses),) = client.execute(query)
        assert said == "admin"  # it did get through, and is not believed
        assert set(courses) == COURSES["instructor"]
        # Nor may a server of a cluster change settings for who may not.
        filtered = {"additional_table_filters": f"{{'{STATE}': 'throwIf(org != 1) = 0'}}"}
        ((_, courses),) = client.execute(query, settings=filtered)
        assert set(courses) == COURSES["instructor"]
    finally:
        client.disconnect()


def test_a_dump_changes_at_once_what_is_seen(platform: Platform) -> None:
    """No restart, no reload: grants are data. The next dump brings them back."""
    query = f"SELECT DISTINCT course_key FROM {STATUS}"
    try:
        ingest_grants(platform, f"username,org,course_key,role,until\nno_more,,{ALGEBRA},staff,\n")
        assert platform.rows("no_more", query) == [(ALGEBRA,)]
        assert platform.rows("instructor", query) == []
    finally:
        ingest_grants(platform, GRANTS)
    assert platform.rows("no_more", query) == []
    assert {key for (key,) in platform.rows("instructor", query)} == COURSES["instructor"]
