"""What people write in `superset/`: datasets, filters and dashboards, checked while reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from loader.errors import LoaderError

_Model = TypeVar("_Model", bound=BaseModel)

Kind = Literal[
    "area", "bar", "heatmap", "line", "mixed", "number", "pivot", "scatter", "table", "trend"
]
Format = Literal["count", "share", "hours", "decimal", "decimal2", "time", "text"]
Condition = str | bool | int


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dataset(_Written):
    """A relation that dashboards read: what dbt does not know of it."""

    time: str = ""
    labelled: tuple[str, ...] = ()
    metrics: dict[str, tuple[str, str] | tuple[str, str, Format]]


class Datasets(_Written):
    """`datasets.yml`: all relations, and what they share."""

    columns: dict[str, str]
    expressions: dict[str, str]
    labels: dict[str, str]
    datasets: dict[str, Dataset]
    without_dataset: dict[str, str]

    def label(self, column: str) -> str:
        """What people read instead of a column's name."""
        known = self.labels.get(column) or self.columns.get(column)
        return known or column.replace("_", " ").capitalize()


class Filter(_Written):
    """A filter that dashboards share."""

    title: str
    kind: Literal["value", "time", "grain"] = "value"
    of: str = ""
    column: str = ""
    below: tuple[str, ...] = ()
    first: bool = False
    many: bool = False
    begin: str = ""


class Chart(_Written):
    """A chart: what it shows of which dataset, and how wide it is, of 12."""

    id: str
    title: str
    kind: Kind
    of: str
    x: str = ""
    y: str = ""
    size: str = ""
    by: str | tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    where: dict[str, Condition] = {}
    sort: str = ""
    descending: bool = False
    limit: int = 0
    grain: str = ""
    stack: bool = False
    horizontal: bool = False
    cumulative: bool = False
    mean_of: int = 0  # so many values up to each are shown as their mean
    search: bool = False
    x_title: str = ""
    width: int = 0
    height: int = 0
    answers: tuple[str, ...] = ()
    answers_with_names: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns that rows or series are made of."""
        return (self.by,) if isinstance(self.by, str) else self.by


Row = tuple[Chart, ...]


class Variant(_Written):
    """The same dashboard for those who may see who learners are."""

    id: str
    title: str


class Dashboard(_Written):
    """A dashboard: filters, rows above its tabs, and rows in each tab."""

    id: str
    title: str
    about: str
    filters: tuple[str, ...]
    with_names: Variant | None = None
    top: tuple[Row, ...] = ()
    tabs: dict[str, tuple[Row, ...]] = {}

    @property
    def charts(self) -> Iterator[Chart]:
        """All charts, in the order in which they are seen."""
        for rows in (self.top, *self.tabs.values()):
            for row in rows:
                yield from row


class Source(_Written):
    """All that is written in `superset/`."""

    datasets: Datasets
    filters: dict[str, Filter]
    dashboards: tuple[Dashboard, ...]


def read_source(folder: Path) -> Source:
    """What is written in a folder. Raises LoaderError that names the file and the entry."""
    written = [_read(path, Dashboard) for path in sorted((folder / "dashboards").glob("*.yml"))]
    filters = yaml.safe_load((folder / "filters.yml").read_text(encoding="utf-8"))
    return Source(
        datasets=_read(folder / "datasets.yml", Datasets),
        filters={name: Filter.model_validate(one) for name, one in filters.items()},
        dashboards=tuple(two for one in written for two in with_variants(one)),
    )


def _read(path: Path, kind: type[_Model]) -> _Model:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise LoaderError(f"{path}: {place}: {first['msg']}.") from error


WITH_NAMES = "_with_names"
NAMES = ("name", "username", "email")


def with_variants(dashboard: Dashboard) -> Iterator[Dashboard]:
    """The dashboard, and if it has one, its variant with names and e-mail addresses."""
    yield dashboard
    if not dashboard.with_names:
        return
    variant = dashboard.with_names
    filters: list[str] = []
    for name in dashboard.filters:
        filters += [*NAMES, name] if name == "learner" else [name]
    yield dashboard.model_copy(
        update={
            "id": variant.id,
            "title": variant.title,
            "with_names": None,
            "filters": tuple(filters),
            "top": tuple(tuple(map(_with_names, row)) for row in dashboard.top),
            "tabs": {
                tab: tuple(tuple(map(_with_names, row)) for row in rows)
                for tab, rows in dashboard.tabs.items()
            },
        }
    )


NAMED = {"rpt_at_risk_learners", "rpt_learner_summary"}


def _with_names(chart: Chart) -> Chart:
    """The chart on relations with names; one that has none is the same on both dashboards."""
    if chart.of not in NAMED:
        return chart
    columns = chart.columns
    if "actor_id" in columns:
        columns = (*NAMES, *(one for one in columns if one != "actor_id"))
    return chart.model_copy(
        update={
            "id": chart.id + WITH_NAMES,
            "of": chart.of + WITH_NAMES,
            "columns": columns,
            "sort": "name" if chart.sort == "actor_id" else chart.sort,
            "answers": chart.answers_with_names,
        }
    )
