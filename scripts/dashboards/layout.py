"""Where the charts of a dashboard are: rows of twelve columns, and tabs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loader.superset.identity import identity, number
from scripts.dashboards.source import Chart, Dashboard, Row

COLUMNS = 12
# In units of 8 pixels.
HEIGHTS = {"number": 18, "table": 50}
USUAL_HEIGHT = 45

ROOT, GRID, HEADER, TABS = "ROOT_ID", "GRID_ID", "HEADER_ID", "TABS-all"
Nodes = dict[str, dict[str, Any]]


def position(dashboard: Dashboard, help_text: str) -> dict[str, Any]:
    """The tree of a dashboard; its last tab, or row, says what the numbers mean."""
    nodes: Nodes = {}
    grid = [ROOT, GRID]
    rows = [_row(f"top-{place}", row, grid, nodes) for place, row in enumerate(dashboard.top)]
    if dashboard.tabs:
        tabs = [*grid, TABS]
        children = [
            _tab(f"{place}", title, content, tabs, nodes)
            for place, (title, content) in enumerate(dashboard.tabs.items())
        ]
        children.append(_help_tab(help_text, tabs, nodes))
        nodes[TABS] = {
            "type": "TABS",
            "id": TABS,
            "children": children,
            "parents": grid,
            "meta": {},
        }
        rows.append(TABS)
    nodes[GRID] = {"type": "GRID", "id": GRID, "children": rows, "parents": [ROOT]}
    nodes[ROOT] = {"type": "ROOT", "id": ROOT, "children": [GRID]}
    nodes[HEADER] = {"type": "HEADER", "id": HEADER, "meta": {"text": dashboard.title}}
    return {"DASHBOARD_VERSION_KEY": "v2", **nodes}


def _tab(name: str, title: str, rows: Iterable[Row], parents: list[str], nodes: Nodes) -> str:
    tab = f"TAB-{name}"
    below = [*parents, tab]
    children = [_row(f"{name}-{place}", row, below, nodes) for place, row in enumerate(rows)]
    nodes[tab] = _tab_node(tab, title, children, parents)
    return tab


def _tab_node(tab: str, title: str, children: list[str], parents: list[str]) -> dict[str, Any]:
    return {
        "type": "TAB",
        "id": tab,
        "children": children,
        "parents": parents,
        "meta": {"text": title, "defaultText": "Tab title", "placeholder": "Tab title"},
    }


def _help_tab(text: str, parents: list[str], nodes: Nodes) -> str:
    tab, row, note = "TAB-help", "ROW-help", "MARKDOWN-help"
    nodes[note] = {
        "type": "MARKDOWN",
        "id": note,
        "children": [],
        "parents": [*parents, tab, row],
        "meta": {"width": COLUMNS, "height": _text_height(text), "code": text},
    }
    nodes[row] = _row_node(row, [note], [*parents, tab])
    nodes[tab] = _tab_node(tab, "Definitions", [row], parents)
    return tab


def _row(name: str, row: Row, parents: list[str], nodes: Nodes) -> str:
    key = f"ROW-{name}"
    height = max(_height(one) for one in row)
    children = []
    for one, width in zip(row, _widths(row), strict=True):
        node = f"CHART-{one.id}"
        nodes[node] = {
            "type": "CHART",
            "id": node,
            "children": [],
            "parents": [*parents, key],
            "meta": {
                "chartId": number("chart", one.id),
                "uuid": identity("chart", one.id),
                "sliceName": one.title,
                "width": width,
                "height": height,
            },
        }
        children.append(node)
    nodes[key] = _row_node(key, children, parents)
    return key


def _row_node(key: str, children: list[str], parents: list[str]) -> dict[str, Any]:
    return {
        "type": "ROW",
        "id": key,
        "children": children,
        "parents": parents,
        "meta": {"background": "BACKGROUND_TRANSPARENT"},
    }


def _text_height(text: str) -> int:
    """Enough for a text at 1280 pixels, in any of our languages: some 120 characters a line."""
    paragraphs = text.split("\n")
    return 10 + sum(2 + 3 * (len(one) // 120) if one else 2 for one in paragraphs)


def _height(chart: Chart) -> int:
    return chart.height or HEIGHTS.get(chart.kind, USUAL_HEIGHT)


def _widths(row: Row) -> list[int]:
    """As written; what is not written shares what is left."""
    written = sum(one.width for one in row)
    others = sum(1 for one in row if not one.width)
    share = (COLUMNS - written) // others if others else 0
    return [one.width or share for one in row]
