"""Charts asked over Superset's API, as alerts and reports ask them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from loader.superset import Superset
from loader.superset.bundle import Asset, Bundle

Filter = dict[str, Any]
Row = dict[str, Any]
_One = TypeVar("_One")
_Answer = TypeVar("_Answer")

AT_ONCE = 4


def is_course(course_key: str) -> Filter:
    """What the filter of a dashboard adds to a query: this course alone."""
    return {"col": "course_key", "op": "==", "val": course_key}


def dataset_ids(server: Superset) -> dict[str, int]:
    """The server's numbers of the datasets that a user sees, by their UUIDs."""
    return {row["uuid"]: row["id"] for row in server.list("dataset", ("id", "uuid"))}


def context(chart: Asset, dataset: int, filters: Sequence[Filter] = ()) -> dict[str, Any]:
    """What a chart of the bundle asks of the dataset with this number, with more filters."""
    stored: dict[str, Any] = json.loads(chart["query_context"])
    (query,) = stored["queries"]
    return stored | {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [query | {"filters": [*query["filters"], *filters]}],
    }


def rows(server: Superset, chart: Asset, dataset: int, filters: Sequence[Filter] = ()) -> list[Row]:
    """The rows of a chart."""
    return list(server.post("chart/data", context(chart, dataset, filters))["result"][0]["data"])


def query(server: Superset, chart: Asset, dataset: int, filters: Sequence[Filter] = ()) -> str:
    """The SELECT that a chart asks the warehouse."""
    asked = context(chart, dataset, filters) | {"result_type": "query"}
    return str(server.post("chart/data", asked)["result"][0]["query"])


def columns(bundle: Bundle) -> dict[str, set[str]]:
    """The columns of each dataset, by its UUID."""
    return {
        uuid: {one["column_name"] for one in dataset["columns"]}
        for uuid, dataset in bundle.by_uuid("datasets").items()
    }


def at_once(ask: Callable[[_One], _Answer], ones: Iterable[_One]) -> Iterator[_Answer]:
    """The answers in their order, several asked at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(ask, ones)
