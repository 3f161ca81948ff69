"""The filters of a dashboard, as Superset keeps them with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loader.superset.identity import identity
from scripts.dashboards.source import Filter

_KINDS = {"value": "filter_select", "time": "filter_time", "grain": "filter_timegrain"}


def native_filters(names: tuple[str, ...], filters: Mapping[str, Filter]) -> list[dict[str, Any]]:
    """Each filter of a dashboard, narrowed by those of its `below` that the dashboard has."""
    return [_filter(name, filters[name], names) for name in names]


def _filter(name: str, written: Filter, names: tuple[str, ...]) -> dict[str, Any]:
    target: dict[str, Any] = {}
    if written.of:
        target["datasetUuid"] = identity("dataset", written.of)
    if written.column:
        target["column"] = {"name": written.column}
    return {
        "id": f"NATIVE_FILTER-{name}",
        "name": written.title,
        "type": "NATIVE_FILTER",
        "filterType": _KINDS[written.kind],
        "targets": [target],
        "controlValues": _controls(written) if written.kind == "value" else {},
        "defaultDataMask": _begin(written),
        # Without it, the first value is shown as chosen but not asked for.
        "requiredFirst": written.first,
        "cascadeParentIds": [f"NATIVE_FILTER-{one}" for one in written.below if one in names],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "description": "",
        "chartsInScope": [],
        "tabsInScope": [],
    }


def _controls(written: Filter) -> dict[str, Any]:
    return {
        "multiSelect": written.many,
        "enableEmptyFilter": written.first,
        "defaultToFirstItem": written.first,
        "inverseSelection": False,
        "searchAllOptions": True,
        "sortAscending": True,
    }


def _begin(written: Filter) -> dict[str, Any]:
    if not written.begin:
        return {"extraFormData": {}, "filterState": {}, "ownState": {}}
    return {
        "extraFormData": {"time_range": written.begin},
        "filterState": {"value": written.begin},
        "ownState": {},
    }
