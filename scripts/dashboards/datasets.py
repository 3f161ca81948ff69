"""Datasets: relations as dbt describes them, with labels and metrics."""

from __future__ import annotations

import re
from typing import Any

from loader.errors import LoaderError
from loader.superset.identity import identity
from scripts.dashboards.source import Dataset, Datasets, Format
from scripts.docs.published import Column, Model

DATABASE = "Warehouse"
DATABASE_ID = identity("database", DATABASE)

# https://d3js.org/d3-format; a time is formatted by the chart.
D3_FORMATS: dict[Format, str | None] = {
    "count": ",d",
    "share": ".1%",
    "hours": ",.1f",
    "decimal": ",.1f",
    "decimal2": ".2f",
    "time": None,
    "text": None,
}
_TIMES = re.compile(r"(Nullable\()?(Date|DateTime)(32|64)?\b")
_WORDS = {"and", "in", "is", "not", "null", "or"}
# An aggregate of one column, or how much of it there is for each of another.
_ONE_COLUMN = re.compile(r"\w+\((?P<column>[a-z_]+)\)( / uniqExact\([a-z_]+\))?")


def database() -> dict[str, Any]:
    """The warehouse as a database of Superset. `loader superset apply` fills in where it is."""
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": "clickhousedb://superset@localhost:8123/reporting",
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        # Left out, it would mean that files may be uploaded.
        "allow_csv_upload": False,
        "extra": {"allows_virtual_table_explore": False, "cost_estimate_enabled": False},
        "uuid": DATABASE_ID,
        "version": "1.0.0",
    }


def dataset(name: str, written: Dataset, source: Datasets, model: Model) -> dict[str, Any]:
    """A dataset of Superset: a relation, nothing computed but metrics and labelled columns.

    Raises LoaderError for an expression that names a column which dbt does not have.
    """
    known = {one.name for one in model.columns}
    for expression in (
        *(source.expressions[one] for one in written.labelled),
        *(one[1] for one in written.metrics.values()),
    ):
        unknown = columns_of(expression) - known
        if unknown:
            raise LoaderError(
                f"{name} has no column {', '.join(sorted(unknown))} in dbt's manifest, which "
                f"superset/datasets.yml asks for: {' '.join(expression.split())}"
            )
    columns = [_column(one, source) for one in model.columns]
    columns += [_labelled(one, source) for one in written.labelled]
    return {
        "table_name": name,
        "main_dttm_col": written.time or None,
        "description": " ".join(model.description.split()),
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "catalog": None,
        "schema": model.schema,
        "sql": None,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "extra": None,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "uuid": identity("dataset", name),
        "metrics": [_metric(one, model) for one in written.metrics.values()],
        "columns": columns,
        "version": "1.0.0",
        "database_uuid": DATABASE_ID,
    }


def columns_of(expression: str) -> set[str]:
    """The columns that an expression names."""
    without_texts = re.sub(r"'[^']*'", "", expression)
    parameters = set(re.findall(r"(\w+) ->", without_texts))
    names = set(re.findall(r"\b[a-z_]\w*\b(?!\()", without_texts))
    return names - parameters - _WORDS


def is_time(column: Column) -> bool:
    """Whether a column holds a day or a moment."""
    return bool(_TIMES.match(column.data_type))


def _column(column: Column, source: Datasets) -> dict[str, Any]:
    return {
        "column_name": column.name,
        "verbose_name": source.label(column.name),
        "is_dttm": is_time(column),
        "is_active": True,
        "type": column.data_type,
        "advanced_data_type": None,
        "groupby": True,
        "filterable": True,
        "expression": None,
        "description": column.description,
        "python_date_format": None,
        "extra": {},
    }


def _labelled(name: str, source: Datasets) -> dict[str, Any]:
    is_number = "intDiv" in source.expressions[name]
    return {
        "column_name": name,
        "verbose_name": source.label(name),
        "is_dttm": False,
        "is_active": True,
        "type": "Int64" if is_number else "String",
        "advanced_data_type": None,
        "groupby": True,
        "filterable": True,
        "expression": " ".join(source.expressions[name].split()),
        "description": None,
        "python_date_format": None,
        "extra": {},
    }


def metric_format(metric: tuple[str, ...]) -> Format:
    """How the values of a metric are shown."""
    return metric[2] if len(metric) > 2 else "count"  # type: ignore[return-value]


def _metric(metric: tuple[str, ...], model: Model) -> dict[str, Any]:
    """Named as it is labelled: ClickHouse would take a column's name for this alias."""
    label, expression = metric[:2]
    found = _ONE_COLUMN.fullmatch(expression)
    columns = {one.name: one.description for one in model.columns}
    return {
        "metric_name": label,
        "verbose_name": label,
        "metric_type": None,
        "expression": expression,
        "description": columns[found["column"]] if found else model.grain,
        "d3format": D3_FORMATS[metric_format(metric)],
        "currency": None,
        "extra": {},
        "warning_text": None,
    }
