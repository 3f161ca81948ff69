"""The relation that a chart shows: what dbt and superset/datasets.yml know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loader.errors import LoaderError
from loader.superset.own_columns import listing, own_column
from scripts.dashboards.datasets import is_time, metric_format
from scripts.dashboards.source import Dataset, Datasets, Format
from scripts.docs.published import Model

TIME_FORMAT = "%Y-%m-%d %H:%M"
DAY_FORMAT = "%Y-%m-%d"
# Moments that are told by their day in lists of learners and courses.
DAYS = {"first_enrolled_at", "last_visited_at", "last_active_at", "last_posted_at"}


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
