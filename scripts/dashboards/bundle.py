"""The bundle that Superset imports, made of what is written in `superset/` and dbt's manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from loader.errors import LoaderError
from loader.superset.identity import identity
from loader.superset.translations import BETWEEN_TITLES
from scripts.dashboards.charts import COLOURS, chart
from scripts.dashboards.datasets import DATABASE, database, dataset
from scripts.dashboards.layout import position
from scripts.dashboards.native_filters import native_filters
from scripts.dashboards.relation import Relation
from scripts.dashboards.source import Chart, Dashboard, Source
from scripts.docs.published import Model

Bundle = dict[str, Any]  # paths below the bundle's folder, and what the files hold

# It is on every dashboard, below what is above its tabs.
FRESHNESS = Chart(
    id="freshness",
    title="Data as of",
    kind="table",
    of="ops_freshness",
    columns=("last_emission_time", "staged_at", "statements_waiting"),
    width=12,
    height=17,
)

# Superset waits for the first value of a filter, without an end and a word where there is none.
NOTHING_TO_CHOOSE = (
    "Nothing can be chosen here yet: no course is given to you, or it has no data so far."
)
# Cards of one number are narrow: their titles need the place of the count of filters, and that of
# the menu, which is there for who points at it.
CSS = f"""\
.dashboard-content > .loading::after {{
  content: "{NOTHING_TO_CHOOSE}"; animation: told 1s 15s both;
  display: block; width: 26em; margin: 1em 0 0 calc(50% - 13em); text-align: center;
}}
@keyframes told {{ from {{ opacity: 0; }} }}
[data-test-viz-type="big_number_total"] .header-title {{ font-size: 13px; }}
[data-test-viz-type="big_number_total"] .filter-counts {{ display: none; }}
[data-test-viz-type="big_number_total"] .header-controls {{
  position: absolute; right: 0; opacity: 0;
}}
[data-test-viz-type="big_number_total"] .header-controls:is(:hover, :focus-within) {{ opacity: 1; }}
[data-test-viz-type="table"] :is(td, th) {{ font-size: 12px; }}
"""


EMPTY = (
    "A chart without results has none for what the filters choose: nobody has done it yet, or the "
    "course is not among yours. Numbers over very few learners are shown only to those who may see "
    "who learners are."
)


def bundle(source: Source, models: Mapping[str, Model]) -> Bundle:
    """All files. Raises LoaderError for a column, metric or filter that is not there."""
    datasets = source.datasets.datasets
    unknown = sorted(set(datasets) - {one.name for one in models.values() if one.is_published})
    if unknown:
        raise LoaderError(f"No published model: {', '.join(unknown)} (superset/datasets.yml).")
    for title, of in ((one.title, one.of) for one in source.filters.values() if one.of):
        if of not in datasets:
            raise LoaderError(f"Filter {title}: superset/datasets.yml has no {of}.")
    files: Bundle = {
        "metadata.yaml": {"version": "1.0.0", "type": "assets", "timestamp": "2026-01-01T00:00:00"},
        f"databases/{DATABASE}.yaml": database(),
    }
    for name, written in datasets.items():
        path = f"datasets/{DATABASE}/{name}.yaml"
        files[path] = dataset(name, written, source.datasets, models[name])
    for board in source.dashboards:
        for one in (*board.charts, FRESHNESS):
            files[f"charts/{one.id}.yaml"] = chart(one, _relation(one, source, models))
        files[f"dashboards/{board.id}.yaml"] = _dashboard(board, source, models)
    return files


def _relation(written: Chart, source: Source, models: Mapping[str, Model]) -> Relation:
    if written.of not in source.datasets.datasets:
        raise LoaderError(f"Chart {written.id}: superset/datasets.yml has no {written.of}.")
    dataset = source.datasets.datasets[written.of]
    return Relation(written.of, dataset, models[written.of], source.datasets)


def _dashboard(written: Dashboard, source: Source, models: Mapping[str, Model]) -> dict[str, Any]:
    with_freshness = written.model_copy(update={"top": (*written.top, (FRESHNESS,))})
    return {
        "dashboard_title": written.title,
        "description": written.about,
        "css": CSS,
        "slug": written.id.replace("_", "-"),
        "certified_by": "",
        "certification_details": "",
        "published": True,
        "uuid": identity("dashboard", written.id),
        "position": position(with_freshness, definitions(written, source, models)),
        "metadata": {
            "color_scheme": COLOURS,
            "label_colors": {},
            "shared_label_colors": [],
            "cross_filters_enabled": True,
            "refresh_frequency": 0,
            "timed_refresh_immune_slices": [],
            "expanded_slices": {},
            "chart_configuration": {},
            "global_chart_configuration": {
                "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
                "chartsInScope": [],
            },
            "native_filter_configuration": native_filters(written.filters, source.filters),
        },
        "version": "1.0.0",
    }


def definitions(written: Dashboard, source: Source, models: Mapping[str, Model]) -> str:
    """What the numbers of a dashboard mean, in Markdown, as dbt has it."""
    parts = [written.about, EMPTY]
    for name in dict.fromkeys(one.of for one in written.charts):
        titles = dict.fromkeys(one.title for one in written.charts if one.of == name)
        parts.append(f"**{BETWEEN_TITLES.join(titles)}** (`{name}`)")
        parts.append(" ".join(models[name].description.split()))
        parts += _metrics(written, name, source, models[name])
    return "\n\n".join(parts)


def _metrics(written: Dashboard, of: str, source: Source, model: Model) -> list[str]:
    """The metrics that a dashboard shows of a relation, where one column says what they are."""
    shown = [name for one in written.charts if one.of == of for name in (*one.metrics, *one.line)]
    told = dataset(of, source.datasets.datasets[of], source.datasets, model)["metrics"]
    by_name = dict(zip(source.datasets.datasets[of].metrics, told, strict=True))
    found = [by_name[name] for name in dict.fromkeys(shown)]
    lines = [
        f"- *{one['verbose_name']}*: {one['description']}"
        for one in found
        if one["description"] != model.grain
    ]
    return ["\n".join(lines)] if lines else []


def as_text(content: Any) -> str:
    """One file of the bundle."""
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return text


def write(files: Bundle, folder: Path) -> None:
    """Write a bundle to its folder, and remove what it does not have any more."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(as_text(content), encoding="utf-8")
    for old in stale(files, folder):
        old.unlink()


def stale(files: Iterable[str], folder: Path) -> list[Path]:
    """Files in the folder that are not of the bundle."""
    known = {folder / path for path in files}
    return [path for path in folder.rglob("*.yaml") if path not in known]
