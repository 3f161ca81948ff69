"""What a chart has to show, asked of the models without Superset."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from math import isnan
from typing import Any

from scripts.dashboards.source import Chart, Datasets

# What Superset makes of a moment, by the grain of the axis of time.
GRAINS = {"P1D": "toDate({})", "P1W": "toMonday({})", "P1M": "toStartOfMonth({})"}
# Columns of several values, which charts list under their label.
ARRAYS = {"lineage", "reasons", "tags"}
DIGITS = 9
A_MOMENT = 1e12
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def labels(chart: Chart, source: Datasets) -> list[str]:
    """The names under which Superset answers, in the order of the columns of `select`."""
    metrics = source.datasets[chart.of].metrics
    dimensions = [
        source.label(name) if name in ARRAYS and name in chart.columns else name
        for name in _dimensions(chart)
    ]
    return [*dimensions, *(metrics[name][0] for name in _metrics(chart))]


def select(chart: Chart, source: Datasets, relation: str, condition: str) -> str:
    """The SELECT for a chart, of the rows for which the condition holds. No column has its name,
    lest the engine take the one for the other."""
    dataset = source.datasets[chart.of]
    dimensions = [_expression(name, chart, source) for name in _dimensions(chart)]
    metrics = [dataset.metrics[name][1] for name in _metrics(chart)]
    named = [f"{one} as shown_{place}" for place, one in enumerate([*dimensions, *metrics])]
    conditions = [condition, *(_condition(name, value) for name, value in chart.where.items())]
    groups = ", ".join(f"shown_{place}" for place in range(len(dimensions)))
    return (
        f"select {', '.join(named)} from {relation} where {' and '.join(conditions)}"
        + (f" group by {groups}" if metrics and groups else "")
        # Without a metric, Superset shows rows, and those that are the same once.
    )


def plain(value: Any) -> Any:
    """A value as text and numbers alone, moments as milliseconds, rounded as floats need it."""
    if isinstance(value, bool) or value is None:
        return None if value is None else int(value)
    if isinstance(value, datetime):
        zoned = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return (zoned - EPOCH) // timedelta(milliseconds=1)
    if isinstance(value, date):
        return plain(datetime(value.year, value.month, value.day))
    if isinstance(value, int | float):
        if isnan(value):
            return None
        # Superset gives moments in milliseconds, with what they have below.
        is_whole = value == int(value) or value > A_MOMENT
        return int(value) if is_whole else float(f"{value:.{DIGITS}g}")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _dimensions(chart: Chart) -> list[str]:
    axis = [chart.x] if chart.x and chart.kind != "scatter" else []
    return [*axis, *chart.columns, *chart.groups, *chart.across]


def _metrics(chart: Chart) -> list[str]:
    axis = [chart.x] if chart.kind == "scatter" else []
    return [name for name in (*axis, *chart.metrics, *chart.line, chart.y, chart.size) if name]


def _expression(name: str, chart: Chart, source: Datasets) -> str:
    if name == chart.x and chart.grain:
        return GRAINS[chart.grain].format(name)
    if name in source.datasets[chart.of].labelled:
        return f"({source.expressions[name]})"
    return name


def _condition(name: str, value: str | bool | int) -> str:
    if value == "not null":
        return f"{name} is not null"
    if value == "not empty":
        return f"{name} != ''"
    if value == "not zero":
        return f"{name} != 0"
    if isinstance(value, str):
        return f"{name} = '{value}'"
    return f"{name} = {value}".lower()
