"""Tables as Superset wants them told: rows of a relation, or its metrics by group."""

from __future__ import annotations

import json
from typing import Any

from scripts.dashboards.datasets import D3_FORMATS
from scripts.dashboards.queries import MOST_ROWS, first
from scripts.dashboards.relation import DAY_FORMAT, TIME_FORMAT, Relation
from scripts.dashboards.source import Chart, Format

SHARES = {
    "course_grade",
    "average_grade",
    "median_grade",
    "progress",
    "share_watched",
    "share_completed",
}
# Numbers of any size and unit, with as many digits as they have.
EXACT = {"value"}
# Texts of which a line is shown, and the whole to who points at it.
WHOLE_TEXTS = {"query_text"}


def table_params(written: Chart, relation: Relation) -> dict[str, Any]:
    """What Superset keeps of a table."""
    common = {
        "row_limit": written.limit or MOST_ROWS,
        "server_page_length": 10,
        "page_length": 0,
        "order_desc": written.descending,
        "table_timestamp_format": TIME_FORMAT,
        "show_cell_bars": True,
        "color_pn": False,
        "include_search": written.search,
        "allow_rearrange_columns": False,
    }
    if written.columns:
        raw = [relation.listed(name) for name in written.columns]
        order = [json.dumps([written.sort, not written.descending])]
        return common | {
            "query_mode": "raw",
            "all_columns": raw,
            "order_by_cols": order if written.sort else [],
            "column_config": {
                one if isinstance(one, str) else one["label"]: _raw_format(name, relation)
                for name, one in zip(written.columns, raw, strict=True)
            },
        }
    metrics = relation.metrics(written.metrics)
    by_metric = written.sort in relation.written.metrics
    return common | {
        "query_mode": "aggregate",
        "groupby": [relation.column(name) for name in written.groups],
        "metrics": metrics,
        "all_columns": [],
        "order_by_cols": [],
        # Without a metric to sort by, Superset sorts by the first one of the table.
        "timeseries_limit_metric": relation.metric(written.sort)
        if by_metric
        else first(written.sort),
        "column_config": {
            **{
                name: {"d3TimeFormat": DAY_FORMAT}
                for name in written.groups
                if relation.is_day(name)
            },
            **{
                relation.metric(name): _metric_format(relation.format(name))
                for name in written.metrics
            },
        },
    }


def _raw_format(name: str, relation: Relation) -> dict[str, Any]:
    if name in SHARES:
        return {"d3NumberFormat": ".0%", "horizontalAlign": "right"}
    data_type = relation.types.get(name, "")
    if relation.is_time(name):
        return {"d3TimeFormat": DAY_FORMAT if relation.is_day(name) else TIME_FORMAT}
    if "Int" in data_type:
        return {"d3NumberFormat": ",d", "showCellBars": False}
    if name in WHOLE_TEXTS:
        return {"truncateLongCells": True}
    if name in EXACT:
        return {"d3NumberFormat": ",~f", "showCellBars": False}
    if "Float" in data_type:
        return {"d3NumberFormat": ",.1f", "showCellBars": False}
    return {}


def _metric_format(kind: Format) -> dict[str, Any]:
    if kind == "time":
        return {"d3TimeFormat": TIME_FORMAT}
    if kind == "text":
        return {}
    return {"d3NumberFormat": D3_FORMATS[kind]}
