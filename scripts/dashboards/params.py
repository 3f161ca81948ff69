"""Charts of each kind as Superset wants them told."""

from __future__ import annotations

from typing import Any

from scripts.dashboards.datasets import D3_FORMATS
from scripts.dashboards.queries import MOST_ROWS, filters
from scripts.dashboards.relation import DAY_FORMAT, TIME_FORMAT, Relation
from scripts.dashboards.source import Chart, Format
from scripts.dashboards.tables import table_params

# Columns whose values are all to be read below an axis.
_IN_WORDS = ("_label", "_name", "_mode", "_state", "_bucket", "reason", "action")
_AXIS_FORMATS: dict[Format, str] = {"share": ",.0%", "hours": ",.1~f", "decimal": ",.1~f"}


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


PARAMS = {
    "area": _series,
    "bar": _series,
    "heatmap": _heatmap,
    "line": _series,
    "mixed": _mixed,
    "number": _number,
    "pivot": _pivot,
    "scatter": _scatter,
    "table": table_params,
    "trend": _trend,
}
