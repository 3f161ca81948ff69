"""What the server tells of itself is for operators, through views and in no other way."""

from __future__ import annotations

import pytest

from tests.access.conftest import Platform

VIEWS = ("reporting.ops_clickhouse_queries", "reporting.ops_clickhouse_metrics")
TABLES = ("query_log", "metrics", "parts", "disks", "processes")
QUERY = "SELECT count() FROM reporting.dim_courses WHERE org = 'somebody@example.org'"


def test_operators_see_queries_without_values(platform: Platform) -> None:
    platform.as_user("analyst").query(QUERY)
    platform.as_user("default").command("SYSTEM FLUSH LOGS")
    texts = platform.rows("operator", "SELECT query_text FROM reporting.ops_clickhouse_queries")
    assert len(texts) > 10
    assert not [text for (text,) in texts if "somebody@example.org" in text]


def test_operators_see_the_size_of_the_whole_warehouse(platform: Platform) -> None:
    rows = (
        "SELECT sum(rows) FROM system.parts "
        "WHERE active AND database IN ('xapi', 'event_sink', 'access')"
    )
    shown = "SELECT value FROM reporting.ops_clickhouse_metrics WHERE name = 'WarehouseRows'"
    before, seen, after = (
        platform.value(user, query)
        for user, query in (("default", rows), ("operator", shown), ("default", rows))
    )
    assert before >= seen >= after > 0  # what is merged meanwhile makes rows fewer


@pytest.mark.parametrize("user", ["analyst", "instructor", "with_names"])
@pytest.mark.parametrize("view", VIEWS)
def test_others_do_not(platform: Platform, user: str, view: str) -> None:
    assert platform.refusal(user, f"SELECT * FROM {view}") == "ACCESS_DENIED"


@pytest.mark.parametrize("user", ["admin", "operator", "warehouse_superset"])
@pytest.mark.parametrize("table", TABLES)
def test_nobody_who_reads_has_a_right_on_system(platform: Platform, user: str, table: str) -> None:
    assert platform.refusal(user, f"SELECT * FROM system.{table}") == "ACCESS_DENIED"
