"""The bundle in other languages, made of the English one and the table of strings.

Datasets stay one for all languages: their labels are in the first, and each language adds its
metrics, and its columns for values that are words. Charts and dashboards are made for each: in the
first language with the UUIDs and slugs of the English bundle, in the others with their own.
"""

from __future__ import annotations

import json
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
    *("groupby", "groupbyRows", "groupbyColumns"),
    *("x_axis", "x_axis_sort", "entity"),
)
_PIVOT = ("groupbyRows", "groupbyColumns")
_TITLES = ("x_axis_title", "y_axis_title")
BOOL = "Bool"
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
        labelled += maker.value_columns(content)
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

    def value_columns(self, dataset: Asset) -> Iterator[Asset]:
        """Columns that show values in words of the language, for those that have some."""
        for column in dataset["columns"]:
            values = self.values(column)
            if values:
                yield column | {
                    "column_name": self.value_column(column["column_name"]),
                    "verbose_name": self.translation.label(column["verbose_name"]),
                    "type": "String",
                    "expression": in_words(column, values),
                }

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
        css = board["css"]
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

    def value_column(self, name: str) -> str:
        """The name of the column that has the values of another in words of the language."""
        return f"{name}_{self.translation.language}"

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
        if "all_columns" in made:
            made["all_columns"] = [self.raw_column(name) for name in made["all_columns"]]
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
            "columns": self._each(
                self.column if query["metrics"] else self.raw_column, query["columns"]
            ),
            "metrics": self._each(self.metric, query["metrics"]),
            "orderby": [[self._each(self.metric, key), way] for key, way in query["orderby"]],
        }

    def metric(self, name: str) -> str:
        """A metric of the dataset by its name; of another name there is none to translate."""
        known = {one["metric_name"] for one in self.dataset["metrics"]}
        return self.maker.translation.label(name) if name in known else name

    def column(self, name: str) -> str:
        """A column, or the one that has its values in words."""
        column = self._columns.get(name)
        has_words = column is not None and bool(self.maker.values(column))
        return self.maker.value_column(name) if has_words else name

    def raw_column(self, one: str | Asset) -> str | Asset:
        """A column in a list of rows, where Superset knows no column of its own making."""
        column = self._listed(one)
        values = self.maker.values(column)
        if values:
            return own_column(in_words(column, values), self._header(column["column_name"]))
        if isinstance(one, dict):
            return one | {"label": self.maker.translation.label(one["label"])}
        return one

    def _listed(self, one: str | Asset) -> Asset:
        """The column that a list of rows shows; arrays are shown by columns of the chart's own."""
        if isinstance(one, str):
            return self._columns[one]
        return next(
            column
            for column in self.dataset["columns"]
            if is_array(column) and column["verbose_name"] == one["label"]
        )

    def _header(self, name: str) -> str:
        return self.maker.translation.label(self._columns[name]["verbose_name"])

    def _with_header(self, name: str) -> Asset | str:
        """A column of a pivot table, which has no other place for its header in the language."""
        if name not in self._columns:
            return name  # one of the language's own, which is labelled in it
        return own_column(name, self._header(name))

    def _config(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """How a table shows its columns, with their headers where the dataset has other labels."""
        config = {self.metric(name): dict(one) for name, one in params["column_config"].items()}
        if not self.maker.is_first:
            for name in (*params.get("groupby", ()), *filter(_is_text, params["all_columns"])):
                config[name] = config.get(name, {}) | {"customColumnName": self._header(name)}
        listed = {_label(one): _label(self.raw_column(one)) for one in params["all_columns"]}
        return {listed.get(name, self.column(name)): one for name, one in config.items()}

    @staticmethod
    def _each(name: Callable[[str], Any], value: Any) -> Any:
        """The value with its names replaced; what is none, as a chart's own metric, stays."""
        if isinstance(value, list):
            return [name(one) if isinstance(one, str) else one for one in value]
        return name(value) if isinstance(value, str) else value


def _is_text(one: str | Asset) -> bool:
    return isinstance(one, str)


def _label(one: str | Asset) -> str:
    return one if isinstance(one, str) else str(one["label"])
