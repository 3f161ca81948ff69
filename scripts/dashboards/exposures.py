"""dbt's exposures: which dashboards stand on which models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from scripts.dashboards.bundle import FRESHNESS
from scripts.dashboards.source import Source
from scripts.docs.published import Model

_HEAD = "# Made by `make dashboards` of superset/dashboards; a test keeps them in step.\n"


def exposures(source: Source, models: Mapping[str, Model]) -> str:
    """The file that tells dbt what each dashboard reads, its filters included."""
    written = []
    for board in source.dashboards:
        charts = {one.of for one in board.charts}
        filters = {source.filters[name].of for name in board.filters}
        names = sorted((charts | filters | {FRESHNESS.of}) - {""})
        written.append(
            {
                "name": board.id,
                "label": board.title,
                "type": "dashboard",
                "description": board.about,
                "url": f"http://localhost:8088/superset/dashboard/{board.id.replace('_', '-')}/",
                "owner": {"name": "Analytics engineer"},
                "depends_on": [f"ref('{name}')" for name in names if name in models],
            }
        )
    content: dict[str, Any] = {"version": 2, "exposures": written}
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD + text
