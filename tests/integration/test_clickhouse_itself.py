"""What the server tells of itself: its slowest queries, without anybody's data, and its metrics."""

from __future__ import annotations

from loader.settings import Target
from tests.reporting import dbt, records
from tests.warehouse import Warehouse

# Each of them is somebody's, and none of them may be published.
SECRETS = ("ana@example.org", "s3cr3t", "Ana Lima", "4242424242")
QUERIES = (
    "SELECT 'ana@example.org', 4242424242 /* s3cr3t */ -- Ana Lima",
    'SELECT 1 AS `ana@example.org`, 2 AS "Lima, s3cr3t"',
    'SELECT "name" AS "Active learners" FROM "system"."tables" WHERE "name" = \'s3cr3t\'',
    "SELECT $doc$ s3cr3t $doc$ AS one, $$Ana Lima$$",
    "SELECT count() FROM numbers(10) WHERE toString(number) IN ('s3cr3t', 'Ana Lima')",
    "SELECT * FROM format(JSONEachRow, 'a String', '{\"a\": \"ana@example.org\"}')",
)


def test_queries_are_told_without_values_and_comments(warehouse: Warehouse) -> None:
    _build(warehouse)
    for query in QUERIES:
        warehouse.client.query(query)
    if warehouse.settings.target is Target.EMBEDDED:
        # The engine inside a process keeps no log.
        assert records(warehouse.client, "ops_clickhouse_queries") == []
        return
    warehouse.client.command("SYSTEM FLUSH LOGS")
    _build(warehouse)
    # All of them: other tests ask this server, too, and only the slowest are published.
    all_of_them = warehouse.client.query("SELECT query_text FROM xapi.stg_clickhouse__queries")
    texts = [text for (text,) in all_of_them.result_rows]
    assert any("FROM numbers(?) WHERE toString(number) IN (?..)" in text for text in texts)
    told = 'SELECT "name" AS `?` FROM "system"."tables" WHERE "name" = ?'
    assert any(text.startswith(told) for text in texts)  # plain names stay
    assert not [text for text in texts for secret in SECRETS if secret in text]


def test_the_slowest_queries_are_told(warehouse: Warehouse) -> None:
    if warehouse.settings.target is Target.EMBEDDED:
        _build(warehouse)
        assert records(warehouse.client, "ops_clickhouse_queries") == []
        return
    warehouse.client.command("SYSTEM FLUSH LOGS")  # so that there is a log when views are made
    _build(warehouse)
    warehouse.client.command("SYSTEM FLUSH LOGS")  # of which all is there when they are asked
    slowest = "SELECT max(seconds) FROM xapi.stg_clickhouse__queries"
    before = warehouse.value(slowest)
    found = records(warehouse.client, "ops_clickhouse_queries")
    assert 0 < len(found) <= 100
    # The server may write a slower one meanwhile.
    assert before <= max(row["slowest_seconds"] for row in found) <= warehouse.value(slowest)
    assert all(row["slowest_seconds"] >= row["average_seconds"] >= 0 for row in found)
    assert all(row["query_text"] for row in found)


def test_the_size_of_the_warehouse_is_among_the_metrics(warehouse: Warehouse) -> None:
    _build(warehouse)
    values = {
        row["name"]: row["value"] for row in records(warehouse.client, "ops_clickhouse_metrics")
    }
    assert values["WarehouseRows"] > 0  # at least the steps that have made it
    assert values["WarehouseBytesOnDisk"] > 0
    assert 0 < values["DiskFreeBytes"] <= values["DiskTotalBytes"]
    assert values["Query"] >= 1  # this one


def _build(warehouse: Warehouse) -> None:
    dbt(warehouse.settings, "run", "--select", "+ops_clickhouse_queries +ops_clickhouse_metrics")
