"""What the bearer of a guest token may ask: what the embedded charts show, and nothing besides.

Superset would compare metrics and columns with the stored chart, but does not find the chart where
guests have no right on its dataset; and it lets them add conditions in SQL, ask for raw rows, and
read any column of what a filter lists. With these, a summary tells of single learners.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from superset.errors import ErrorLevel, SupersetError, SupersetErrorType
from superset.exceptions import SupersetSecurityException
from superset.security import SupersetSecurityManager

logger = logging.getLogger(__name__)

RESULTS = {"full", "results", "post_processed"}


class GuestSecurityManager(SupersetSecurityManager):
    """Superset's own, but that guests ask nothing other than their dashboard does."""

    def raise_for_access(self, *args: Any, **kwargs: Any) -> None:
        """Raises SupersetSecurityException where a user may not see what is asked for."""
        if self.is_guest_user():
            context = kwargs.get("query_context")
            if any(kwargs.get(name) for name in ("viz", "sql", "query", "table")) or (
                context is not None and not is_shown(context)
            ):
                raise SupersetSecurityException(
                    SupersetError(
                        error_type=SupersetErrorType.DASHBOARD_SECURITY_ACCESS_ERROR,
                        message="The embedded dashboard does not show what was asked for.",
                        level=ErrorLevel.WARNING,
                    )
                )
        super().raise_for_access(*args, **kwargs)


def is_shown(context: Any) -> bool:
    """Whether a query context asks what a chart or a filter of its dashboard shows."""
    form_data = context.form_data or {}
    dashboard = _row("dashboard", form_data.get("dashboardId"))
    if dashboard is None or context.result_type not in RESULTS:
        return False
    filters = list(_filters(dashboard))
    # A filter narrows by what it lists; a click on a chart, by what that shows.
    columns = {name for one in filters for _dataset, name in _targets(one)} | {
        name for one in dashboard.slices for query in _queries(one) for name in _shown(query)
    }
    if form_data.get("type") == "NATIVE_FILTER":
        chosen = [one for one in filters if one["id"] == form_data.get("native_filter_id")]
        targets = {
            name
            for one in chosen
            for dataset, name in _targets(one)
            if dataset == context.datasource.id
        }
        stored: list[dict[str, Any]] = [{"columns": sorted(targets)}]
    else:
        chart = _row("slice", form_data.get("slice_id"))
        stored = [*_queries(chart), *_order(chart)] if chart else []
    for query in context.queries:
        if not _is_in(query, stored, columns):
            logger.warning("A guest of dashboard %s was refused: %s", dashboard.id, query.to_dict())
            return False
    return bool(stored)


def _is_in(query: Any, stored: list[dict[str, Any]], columns: set[str]) -> bool:
    """Whether a query asks for stored columns and metrics, and narrows by filters alone."""
    shown = {
        _name(value)
        for one in stored
        for part in ("columns", "metrics")
        for value in one.get(part) or []
    }
    asked = [*query.columns, *(query.metrics or []), *(what for what, _is_up in query.orderby)]
    asked += [one for one in (*query.series_columns, query.series_limit_metric) if one]
    filters = {_text(value) for one in stored for value in one.get("filters") or []}
    conditions = {
        one.get("extras", {}).get(name) or "" for one in stored for name in ("where", "having")
    }
    return (
        query.result_type in (None, *RESULTS)
        and not query.annotation_layers
        and not query.is_rowcount
        and {_name(one) for one in asked} <= shown
        and all(_narrows(one, filters, columns) for one in query.filter)
        and {query.extras.get(name) or "" for name in ("where", "having")} <= conditions | {""}
    )


def _name(value: Any) -> str:
    """A column or a metric by its name, also where a chart has it as its axis; else all it is."""
    if isinstance(value, dict) and value.get("columnType") == "BASE_AXIS":
        return str(value.get("sqlExpression"))
    return value if isinstance(value, str) else _text(value)


def _narrows(condition: dict[str, Any], stored: set[str], columns: set[str]) -> bool:
    return _text(condition) in stored or (
        isinstance(condition.get("col"), str) and condition["col"] in columns
    )


def _queries(chart: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(chart.query_context or "{}").get("queries", [])
    return found


def _order(chart: Any) -> Iterator[dict[str, Any]]:
    """What a table is ordered by, which its page asks for like a metric."""
    metric = chart.params_dict.get("timeseries_limit_metric")
    if metric:
        yield {"metrics": [metric]}


def _shown(query: dict[str, Any]) -> Iterator[str]:
    """The columns by which a query groups or narrows, by their names."""
    yield from map(_name, query.get("columns") or [])
    yield from (str(one["col"]) for one in query.get("filters") or [])


def _row(kind: str, number: Any) -> Any:
    """A chart or a dashboard, whether or not the guest may see it by itself."""
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    from superset import db

    model = {"slice": Slice, "dashboard": Dashboard}[kind]
    return db.session.get(model, number) if isinstance(number, int) else None


def _filters(dashboard: Any) -> Iterable[dict[str, Any]]:
    metadata = json.loads(dashboard.json_metadata or "{}")
    found: list[dict[str, Any]] = metadata.get("native_filter_configuration", [])
    return found


def _targets(native_filter: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The dataset and the column of what a filter lists."""
    for one in native_filter.get("targets", []):
        if "datasetId" in one and "column" in one:
            yield one["datasetId"], one["column"]["name"]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
