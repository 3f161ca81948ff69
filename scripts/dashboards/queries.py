"""What a chart asks: its conditions, and its query as alerts, reports and the API ask it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loader.superset.identity import number
from scripts.dashboards.relation import Relation
from scripts.dashboards.source import Chart, Condition

MOST_ROWS = 1000


def filters(written: Chart, relation: Relation) -> list[dict[str, Any]]:
    """The chart's own conditions; the one on the time is there for the filter "Date" to fill."""
    found = [_condition(name, value, relation) for name, value in written.where.items()]
    if relation.written.time:
        found.append(
            {
                "clause": "WHERE",
                "comparator": "No filter",
                "expressionType": "SIMPLE",
                "operator": "TEMPORAL_RANGE",
                "subject": relation.column(relation.written.time),
            }
        )
    return found


def _condition(name: str, value: Condition, relation: Relation) -> dict[str, Any]:
    condition: dict[str, Any] = {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": relation.column(name),
    }
    if value == "not null":
        return condition | {"operator": "IS NOT NULL", "operatorId": "IS_NOT_NULL"}
    if value in ("not empty", "not zero"):
        nothing: str | int = "" if value == "not empty" else 0
        return condition | {"operator": "!=", "operatorId": "NOT_EQUALS", "comparator": nothing}
    if isinstance(value, bool):
        known = "IS_TRUE" if value else "IS_FALSE"
        return condition | {"operator": "==", "operatorId": known, "comparator": value}
    return condition | {"operator": "==", "operatorId": "EQUALS", "comparator": value}


def query_context(written: Chart, relation: Relation, params: Mapping[str, Any]) -> dict[str, Any]:
    """What the chart asks, as it asks it without a browser: in alerts, reports and by the API."""
    by_metric = written.sort in relation.written.metrics
    key: Any = relation.metric(written.sort) if by_metric else written.sort
    if written.sort.startswith("("):
        key = first(written.sort)
    listed = [relation.listed(name) for name in written.columns]
    columns: list[Any] = [*listed, *written.groups, *written.across]
    if written.x and written.kind != "scatter":
        columns = [_x_axis(written, relation), *columns]
    metrics = [
        relation.metric(name)
        for name in (*written.metrics, *written.line, written.y, written.size)
        if name
    ]
    if written.kind == "scatter":
        metrics.insert(0, relation.metric(written.x))
    query = {
        "columns": columns,
        "metrics": metrics or None,
        "filters": [
            {"col": one["subject"], "op": one["operator"], "val": one.get("comparator")}
            for one in params["adhoc_filters"]
        ],
        "orderby": [[key, not written.descending]] if key else [],
        "row_limit": written.limit or MOST_ROWS * 10,
        "extras": {"time_grain_sqla": written.grain} if written.grain else {},
    }
    return {
        "datasource": {"id": number("dataset", relation.name), "type": "table"},
        "force": False,
        "queries": [query],
        "result_format": "json",
        "result_type": "full",
    }


def _x_axis(written: Chart, relation: Relation) -> Any:
    if not relation.is_time(written.x) or not written.grain:
        return relation.column(written.x)
    return {
        "columnType": "BASE_AXIS",
        "expressionType": "SQL",
        "label": written.x,
        "sqlExpression": written.x,
        "timeGrain": written.grain,
    }


def first(column: str) -> dict[str, Any] | None:
    """A metric that sorts groups by one of their columns."""
    if not column:
        return None
    return {
        "expressionType": "SQL",
        "sqlExpression": f"min({column})",
        "label": f"min({column})",
        "hasCustomLabel": False,
    }
