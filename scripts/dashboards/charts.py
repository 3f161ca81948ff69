"""Charts: what is written of one, as Superset's bundle has it."""

from __future__ import annotations

import json
from typing import Any

from loader.superset.identity import identity, number
from scripts.dashboards.params import PARAMS
from scripts.dashboards.queries import filters, query_context
from scripts.dashboards.relation import Relation
from scripts.dashboards.source import Chart

COLOURS = "xapiWarehouse"
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


def chart(written: Chart, relation: Relation) -> dict[str, Any]:
    """A chart of Superset."""
    params = PARAMS[written.kind](written, relation) | {
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
