"""The bundle in other languages, made of the English one and the table of strings.

Datasets stay one for all languages: their labels are in the first, and each language adds its
metrics. Charts and dashboards are made for each: in the first language with the UUIDs and slugs of
the English bundle, in the others with their own. Values that are words are put into a language by
columns of the charts' own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.superset.bundle import Asset, Bundle, read_bundle
from loader.superset.identity import identity
from loader.superset.own_columns import in_words, is_array, own_column
from loader.superset.translations import ENGLISH, Translation, read_translations

# Where charts name metrics and columns; in a list or alone.
_METRICS = ("metrics", "metrics_b", "metric", "x", "y", "size", "timeseries_limit_metric")
_COLUMNS = (
    *("groupby", "groupbyRows", "groupbyColumns", "all_columns"),
    *("x_axis", "entity"),
)
_PIVOT = ("groupbyRows", "groupbyColumns")
_TITLES = ("x_axis_title", "y_axis_title")
BOOL = "Bool"
# What the style of a dashboard says.
_SAID = re.compile(r'(?<=content: ")[^"]+')
# Right to left: text and tables are, charts stay as they are.
_RIGHT_TO_LEFT = """\
.header-title, .ant-tabs-tab, .dashboard-markdown, table { direction: rtl; }
[data-test-viz-type="big_number_total"] { direction: rtl; }
.dashboard-markdown { text-align: right; }
td { unicode-bidi: plaintext; }
"""
RIGHT_TO_LEFT = {"ar"}


# Beside the bundle's folder.
TRANSLATIONS = "translations.csv"


def read_in_languages(assets: Path, languages: Sequence[str]) -> Bundle:
    """The bundle in a folder, in these languages.

    Raises UsageError when there is no bundle, no table, or a language that the table has not.
    """
    bundle = read_bundle(assets)
    if list(languages) == [ENGLISH]:
        return bundle
    into = read_translations(assets.resolve().parent / TRANSLATIONS)
    return in_languages(bundle, [into(one) for one in dict.fromkeys(languages)])


def in_languages(bundle: Bundle, translations: Sequence[Translation]) -> Bundle:
    """The bundle in these languages, the first of which datasets are labelled in."""
    makers = [_Language(bundle, one, not place) for place, one in enumerate(translations)]
    files: dict[str, Asset] = {}
    for path, content in bundle.files.items():
        kind = path.partition("/")[0]
        if kind == "datasets":
            files[path] = _dataset(content, makers)
        elif kind in ("charts", "dashboards"):
            for maker in makers:
                name, asset = maker.chart(content) if kind == "charts" else maker.board(content)
                files[path.replace(".yaml", f"{name}.yaml")] = asset
        else:
            files[path] = content
    return Bundle(files)


def _dataset(content: Asset, makers: Sequence[_Language]) -> Asset:
    first = makers[0].translation
    labelled = [
        one | {"verbose_name": first.label(one["verbose_name"])} for one in content["columns"]
    ]
    metrics: dict[str, Asset] = {}
    for maker in makers:
        for metric in maker.metrics(content):
            metrics.setdefault(metric["metric_name"], metric)
    return content | {"columns": labelled, "metrics": list(metrics.values())}


@dataclass(frozen=True)
class _Language:
    """What one language makes of the assets of a bundle."""

    bundle: Bundle
    translation: Translation
    is_first: bool

    def metrics(self, dataset: Asset) -> Iterator[Asset]:
        """A dataset's metrics, named as they are labelled."""
        for metric in dataset["metrics"]:
            label = self.translation.label(metric["metric_name"])
            yield metric | {"metric_name": label, "verbose_name": label}

    def chart(self, chart: Asset) -> tuple[str, Asset]:
        """What its file is called besides, and the chart."""
        dataset = self.bundle.by_uuid("datasets")[chart["dataset_uuid"]]
        names = _Names(self, dataset)
        params = names.params(chart["params"])
        context = json.loads(chart["query_context"])
        context["queries"] = [names.query(one) for one in context["queries"]]
        return self._suffix, chart | {
            "slice_name": self.translation.label(chart["slice_name"]),
            "description": self.translation.text(chart["description"]),
            "params": params,
            "query_context": json.dumps(context, sort_keys=True),
            "uuid": self._uuid(chart["uuid"]),
        }

    def board(self, board: Asset) -> tuple[str, Asset]:
        """What its file is called besides, and the dashboard."""
        filters = [
            one | {"name": self.translation.label(one["name"])}
            for one in board["metadata"]["native_filter_configuration"]
        ]
        css = _SAID.sub(lambda said: self.translation.label(said[0]), board["css"])
        if self.translation.language in RIGHT_TO_LEFT:
            css += _RIGHT_TO_LEFT
        return self._suffix, board | {
            "dashboard_title": self.translation.label(board["dashboard_title"]),
            "description": self.translation.text(board["description"]),
            "css": css,
            "slug": board["slug"] + self._suffix.replace("_", "-"),
            "uuid": self._uuid(board["uuid"]),
            "position": {
                key: self._node(one) if isinstance(one, dict) else one
                for key, one in board["position"].items()
            },
            "metadata": board["metadata"] | {"native_filter_configuration": filters},
        }

    def _node(self, node: Asset) -> Asset:
        meta = dict(node.get("meta", {}))
        if node["type"] in ("HEADER", "TAB"):
            meta["text"] = self.translation.label(meta["text"])
        elif node["type"] == "MARKDOWN":
            meta["code"] = self.translation.markdown(meta["code"])
        elif node["type"] == "CHART":
            meta["sliceName"] = self.translation.label(meta["sliceName"])
            meta["uuid"] = self._uuid(meta["uuid"])
        return node | {"meta": meta} if meta else node

    def values(self, column: Asset) -> Mapping[str, str]:
        """The words for what is in a column, where the language has some."""
        known = self.translation.values
        if self.translation.language == ENGLISH or column["is_dttm"]:
            return {}
        return known.get(BOOL if BOOL in column["type"] else column["column_name"], {})

    @property
    def _suffix(self) -> str:
        return "" if self.is_first else f"_{self.translation.language}"

    def _uuid(self, uuid: str) -> str:
        return uuid if self.is_first else identity(self.translation.language, uuid)


@dataclass(frozen=True)
class _Names:
    """What a chart calls metrics and columns, in a language."""

    maker: _Language
    dataset: Asset

    @property
    def _columns(self) -> dict[str, Asset]:
        return {one["column_name"]: one for one in self.dataset["columns"]}

    def params(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """How the chart is drawn."""
        made = dict(params)
        for key in made.keys() & set(_METRICS):
            made[key] = self._each(self.metric, made[key])
        for key in made.keys() & set(_COLUMNS):
            made[key] = self._each(self.column, made[key])
        if made.get("x_axis_sort"):
            made["x_axis_sort"] = _label(self.column(made["x_axis_sort"]))
        if not self.maker.is_first:
            for key in made.keys() & set(_PIVOT):
                made[key] = [self._with_header(one) for one in made[key]]
        for key in made.keys() & set(_TITLES):
            made[key] = self.maker.translation.label(made[key])
        if "column_config" in made:
            made["column_config"] = self._config(params)
        return made

    def query(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """What the chart asks without a browser."""
        return dict(query) | {
            "columns": self._each(self.column, query["columns"]),
            "metrics": self._each(self.metric, query["metrics"]),
            "orderby": [[self._each(self.metric, key), way] for key, way in query["orderby"]],
        }

    def metric(self, one: Any) -> Any:
        """A metric of the dataset by its name; what is none, as a chart's own, stays."""
        known = {metric["metric_name"] for metric in self.dataset["metrics"]}
        is_known = isinstance(one, str) and one in known
        return self.maker.translation.label(one) if is_known else one

    def column(self, one: str | Asset) -> str | Asset:
        """A column, or one of the chart's own that has its values in words."""
        column = self._columns.get(one) if isinstance(one, str) else self._array(one)
        if column is None:
            return one
        values = self.maker.values(column)
        if values:
            return own_column(in_words(column, values), self._header(column["column_name"]))
        if isinstance(one, dict):
            return one | {"label": self.maker.translation.label(one["label"])}
        return one

    def _array(self, own: Asset) -> Asset | None:
        """The column that a list of rows shows by one of its own, if that is what it is."""
        arrays = filter(is_array, self.dataset["columns"])
        return next((one for one in arrays if one["verbose_name"] == own["label"]), None)

    def _header(self, name: str) -> str:
        return self.maker.translation.label(self._columns[name]["verbose_name"])

    def _with_header(self, one: str | Asset) -> Asset:
        """A column of a pivot table, which has no other place for its header in the language."""
        return own_column(one, self._header(one)) if isinstance(one, str) else one

    def _config(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """How a table shows its columns, with their headers where the dataset has other labels."""
        config = {self.metric(name): one for name, one in params["column_config"].items()}
        if not self.maker.is_first:
            for name in (*params.get("groupby", ()), *filter(_is_text, params["all_columns"])):
                config[name] = config.get(name, {}) | {"customColumnName": self._header(name)}
        shown = (*params.get("groupby", ()), *params["all_columns"])
        names = {_label(one): _label(self.column(one)) for one in shown}
        return {names.get(name, name): one for name, one in config.items()}

    @staticmethod
    def _each(name: Callable[[Any], Any], value: Any) -> Any:
        """A name, or each of a list, replaced."""
        return [name(one) for one in value] if isinstance(value, list) else name(value)


def _is_text(one: str | Asset) -> bool:
    return isinstance(one, str)


def _label(one: str | Asset) -> str:
    return one if isinstance(one, str) else str(one["label"])
