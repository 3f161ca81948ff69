"""Charts: what is written of one, as Superset's kinds of charts want it told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loader.errors import LoaderError
from loader.superset.identity import identity, number
from loader.superset.own_columns import listing, own_column
from scripts.dashboards.datasets import D3_FORMATS, is_time, metric_format
from scripts.dashboards.source import Chart, Condition, Dataset, Datasets, Format
from scripts.docs.published import Model

COLOURS = "xapiWarehouse"
TIME_FORMAT = "%Y-%m-%d %H:%M"
DAY_FORMAT = "%Y-%m-%d"
# Moments that are told by their day in lists of learners and courses.
DAYS = {"first_enrolled_at", "last_visited_at", "last_active_at", "last_posted_at"}
MOST_ROWS = 1000
# Columns whose values are all to be read below an axis.
_IN_WORDS = ("_label", "_name", "_mode", "_state", "_bucket", "reason", "action")
SHARES = {
    "course_grade",
    "average_grade",
    "median_grade",
    "progress",
    "share_watched",
    "share_completed",
}
_AXIS_FORMATS: dict[Format, str] = {"share": ",.0%", "hours": ",.1~f", "decimal": ",.1~f"}
# Numbers of any size and unit, with as many digits as they have.
EXACT = {"value"}
# Texts of which a line is shown, and the whole to who points at it.
WHOLE_TEXTS = {"query_text"}
VIZ_TYPES = {
    "area": "echarts_area",
    "bar": "echarts_timeseries_bar",
    "heatmap": "heatmap_v2",
    "line": "echarts_timeseries_line",
    "mixed": "mixed_timeseries",
    "number": "big_number_total",
    "pivot": "pivot_table_v2",
    "scatter": "bubble_v2",
    "table": "table",
    "trend": "big_number",
}


@dataclass(frozen=True)
class Relation:
    """The relation of a chart: what is written of it, and what dbt knows."""

    name: str
    written: Dataset
    model: Model
    source: Datasets

    @property
    def types(self) -> dict[str, str]:
        return {one.name: one.data_type for one in self.model.columns}

    def metric(self, name: str) -> str:
        """How Superset knows a metric. Raises LoaderError if there is none of that name."""
        if name not in self.written.metrics:
            raise LoaderError(f"{self.name} has no metric {name!r} in superset/datasets.yml.")
        return self.written.metrics[name][0]

    def metrics(self, names: tuple[str, ...]) -> list[str]:
        return [self.metric(name) for name in names]

    def format(self, name: str) -> Format:
        self.metric(name)
        return metric_format(self.written.metrics[name])

    def column(self, name: str) -> str:
        """The column itself. Raises LoaderError if neither dbt nor the dataset has it."""
        if name not in self.types and name not in self.written.labelled:
            raise LoaderError(f"{self.name} has no column {name!r} in dbt's manifest.")
        return name

    def listed(self, name: str) -> str | dict[str, Any]:
        """The column in lists of rows, which cannot show what Superset works out for a dataset."""
        if name not in self.types:
            raise LoaderError(f"{self.name} has no column {name!r} to list in rows.")
        if self.types[name].startswith("Array"):
            return own_column(listing(name), self.source.label(name))
        return name

    def is_time(self, name: str) -> bool:
        return any(one.name == name and is_time(one) for one in self.model.columns)

    def is_day(self, name: str) -> bool:
        """Whether a day is enough to tell it."""
        return self.is_time(name) and (name in DAYS or "DateTime" not in self.types[name])


def chart(written: Chart, relation: Relation) -> dict[str, Any]:
    """A chart of Superset."""
    params = _PARAMS[written.kind](written, relation) | {
        "adhoc_filters": filters(written, relation),
        "color_scheme": COLOURS,
        "datasource": f"{number('dataset', relation.name)}__table",
        "viz_type": VIZ_TYPES[written.kind],
    }
    return {
        "slice_name": written.title,
        "description": " ".join(relation.model.description.split()),
        "certified_by": None,
        "certification_details": None,
        "viz_type": VIZ_TYPES[written.kind],
        "params": params,
        "query_context": json.dumps(query_context(written, relation, params), sort_keys=True),
        "cache_timeout": None,
        "uuid": identity("chart", written.id),
        "version": "1.0.0",
        "dataset_uuid": identity("dataset", relation.name),
    }


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
        key = _first(written.sort)
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


def _number(written: Chart, relation: Relation) -> dict[str, Any]:
    (metric,) = written.metrics
    is_moment = relation.format(metric) == "time"
    return {
        "metric": relation.metric(metric),
        "header_font_size": 0.4 if is_moment else 0.6,
        "subheader_font_size": 0.15,
        "subtitle": "",
        "y_axis_format": D3_FORMATS[relation.format(metric)] or "SMART_NUMBER",
        "time_format": TIME_FORMAT,
        "force_timestamp_formatting": is_moment,
    }


def _trend(written: Chart, relation: Relation) -> dict[str, Any]:
    """One number of the whole time that is shown, over the line of its days or weeks."""
    (metric,) = written.metrics
    return {
        "metric": relation.metric(metric),
        "x_axis": relation.column(written.x),
        "time_grain_sqla": written.grain or None,
        "aggregation": "raw",
        "show_trend_line": True,
        "start_y_axis_at_zero": True,
        "header_font_size": 0.4,
        "subheader_font_size": 0.15,
        "y_axis_format": D3_FORMATS[relation.format(metric)],
        "time_format": DAY_FORMAT,
    }


def _table(written: Chart, relation: Relation) -> dict[str, Any]:
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
        else _first(written.sort),
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


def _first(column: str) -> dict[str, Any] | None:
    """A metric that sorts groups by one of their columns."""
    if not column:
        return None
    return {
        "expressionType": "SQL",
        "sqlExpression": f"min({column})",
        "label": f"min({column})",
        "hasCustomLabel": False,
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


def _axes(written: Chart, relation: Relation) -> dict[str, Any]:
    first = relation.format(written.metrics[0])
    is_time_axis = relation.is_time(written.x)
    return {
        "x_axis": relation.column(written.x),
        "time_grain_sqla": written.grain or None,
        "xAxisForceCategorical": not is_time_axis and written.kind == "bar",
        "x_axis_sort": relation.column(written.x) if not is_time_axis else None,
        "x_axis_sort_asc": not written.horizontal,
        "x_axis_title": written.x_title,
        "x_axis_title_margin": 30 if written.x_title else 0,
        "x_axis_time_format": "smart_date",
        "y_axis_format": _AXIS_FORMATS.get(first, ",~f"),
        "y_axis_bounds": [0, None],
        "truncateYAxis": False,
        "truncate_metric": True,
        "show_empty_columns": True,
        "row_limit": written.limit or 10_000,
        "rich_tooltip": True,
        "show_legend": bool(written.by) or len(written.metrics) > 1 or bool(written.line),
        "legendType": "scroll",
        "legendOrientation": "top",
        "minorSplitLine": False,
    }


def _series(written: Chart, relation: Relation) -> dict[str, Any]:
    params = _axes(written, relation) | {
        "metrics": relation.metrics(written.metrics),
        "groupby": [relation.column(name) for name in written.groups],
        "order_desc": True,
        "comparison_type": "values",
        "tooltipTimeFormat": DAY_FORMAT,
        # By size, charts beside each other would give one series different colours.
        "sort_series_type": "name",
        "sort_series_ascending": True,
    }
    if written.cumulative:
        params |= {"rolling_type": "cumsum", "min_periods": 0}
    if written.mean_of:
        params |= {
            "rolling_type": "mean",
            "rolling_periods": written.mean_of,
            "min_periods": 0,
        }
    if written.kind == "bar":
        is_long = written.x.endswith(_IN_WORDS)
        params |= {
            "xAxisLabelInterval": "0" if is_long else "auto",
            "orientation": "horizontal" if written.horizontal else "vertical",
            "stack": "Stack" if written.stack else None,
            "xAxisLabelRotation": 0 if written.horizontal else _rotation(written),
        }
    if written.kind == "area":
        params |= {"stack": "Stack", "opacity": 0.5, "seriesType": "line", "only_total": True}
    if written.kind == "line":
        params |= {"seriesType": "line", "markerEnabled": not written.grain, "markerSize": 4}
    return params


def _rotation(written: Chart) -> int:
    """Degrees: aslant, the first of many long labels would begin left of the chart."""
    if written.x.endswith("_label"):
        return 90
    return 45 if written.x.endswith(_IN_WORDS) else 0


def _mixed(written: Chart, relation: Relation) -> dict[str, Any]:
    own = filters(written, relation)
    return _axes(written, relation) | {
        "metrics": relation.metrics(written.metrics),
        "groupby": [],
        "metrics_b": relation.metrics(written.line),
        "groupby_b": [],
        "adhoc_filters_b": own,
        "row_limit_b": 10_000,
        "truncate_metric_b": True,
        "seriesType": "bar",
        "seriesTypeB": "line",
        "markerEnabledB": True,
        "yAxisIndex": 0,
        "yAxisIndexB": 1,
        "y_axis_format_secondary": _AXIS_FORMATS.get(relation.format(written.line[0]), ",~f"),
        "y_axis_bounds_secondary": [0, None],
        "yAxisTitleSecondary": "",
        "xAxisLabelRotation": _rotation(written),
    }


def _pivot(written: Chart, relation: Relation) -> dict[str, Any]:
    return {
        "groupbyRows": [relation.column(name) for name in written.groups],
        "groupbyColumns": [relation.column(name) for name in written.across],
        "metrics": relation.metrics(written.metrics),
        "metricsLayout": "COLUMNS",
        "aggregateFunction": "Sum",
        "rowTotals": True,
        "colTotals": True,
        "row_limit": MOST_ROWS,
        "order_desc": True,
        "rowOrder": "key_a_to_z",
        "colOrder": "key_a_to_z",
        "valueFormat": ",d",
    }


def _heatmap(written: Chart, relation: Relation) -> dict[str, Any]:
    (metric,) = written.metrics
    (by,) = written.groups
    return {
        "x_axis": relation.column(written.x),
        "groupby": relation.column(by),
        "metric": relation.metric(metric),
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_asc",
        "normalize_across": "heatmap",
        "linear_color_scheme": "schemeBlues",
        "row_limit": MOST_ROWS * 10,
        "show_legend": True,
        "show_percentage": False,
        "show_values": True,
        "legend_type": "continuous",
        "xscale_interval": -1,
        "yscale_interval": -1,
        "left_margin": 100,
        "bottom_margin": 70,
        "value_bounds": [0, 1],
        "y_axis_format": ".0%",
        "x_axis_time_format": DAY_FORMAT,
        "x_axis_title": written.x_title,
        "border_width": 1,
    }


def _scatter(written: Chart, relation: Relation) -> dict[str, Any]:
    (entity,) = written.groups
    return {
        "series": None,
        "entity": relation.column(entity),
        "x": relation.metric(written.x),
        "y": relation.metric(written.y),
        "size": relation.metric(written.size),
        "row_limit": MOST_ROWS,
        "order_desc": True,
        "max_bubble_size": "25",
        "show_legend": False,
        "xAxisFormat": ".0%",
        "y_axis_format": ".2f",
        "x_axis_title": relation.metric(written.x),
        "x_axis_title_margin": 30,
        "y_axis_title": relation.metric(written.y),
        "y_axis_title_margin": 40,
        "tooltipSizeFormat": ",d",
        "opacity": 0.6,
        "xAxisBounds": [0, 1],
        "truncateXAxis": True,
    }


_PARAMS = {
    "area": _series,
    "bar": _series,
    "heatmap": _heatmap,
    "line": _series,
    "mixed": _mixed,
    "number": _number,
    "pivot": _pivot,
    "scatter": _scatter,
    "table": _table,
    "trend": _trend,
}
