"""What differs between an asset as it should be and as a server has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

# Numbers that each server gives itself, what browsers fill in, and what stands for a password.
_SERVER_OWN = {
    "chartId",
    "chartsInScope",
    "tabsInScope",
    "datasource",
    "query_context",
    "datasetId",
    "id",
    "slice_id",
    "global_chart_configuration",
    "chart_configuration",
    "shared_label_colors",
    "map_label_colors",
    "timestamp",
    "sqlalchemy_uri",
}
# Imported by one name, exported by another.
_RENAMED = {"allow_csv_upload": "allow_file_upload"}
_KEYS = ("column_name", "metric_name")
_SHOWN = 60


def changes(wanted: Any, found: Any, path: str = "") -> Iterator[str]:
    """Each place where `found` is not as `wanted`, in words. What it has besides does not count."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            if name not in _SERVER_OWN:
                other = found.get(_RENAMED.get(name, name))
                yield from changes(value, other, f"{path}.{name}" if path else name)
    elif isinstance(wanted, list) and isinstance(found, list):
        yield from _list_changes(wanted, found, path)
    elif _plain(wanted) != _plain(found):
        yield f"{path}: {_short(found)} instead of {_short(wanted)}"


def _list_changes(wanted: list[Any], found: list[Any], path: str) -> Iterator[str]:
    for key in _KEYS:
        if wanted and isinstance(wanted[0], dict) and key in wanted[0]:
            there = {one[key]: one for one in found}
            for one in wanted:
                name = f"{path}[{one[key]}]"
                if one[key] in there:
                    yield from changes(one, there.pop(one[key]), name)
                else:
                    yield f"{name}: is missing"
            yield from (f"{path}[{name}]: should not be there" for name in there)
            return
    if len(wanted) != len(found):
        yield f"{path}: {len(found)} entries instead of {len(wanted)}"
        return
    for place, (one, other) in enumerate(zip(wanted, found, strict=True)):
        yield from changes(one, other, f"{path}[{place}]")


def _plain(value: Any) -> Any:
    """None, an empty text and an empty list all say: nothing."""
    return value if value or value is False or value == 0 else None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
