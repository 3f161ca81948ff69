"""Dashboards as code: what is written, what is made of it, and dbt's manifest agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from benchmarks.questions import questions
from loader.errors import LoaderError
from scripts.dashboards.__main__ import ASSETS, EXPOSURES, ROOT
from scripts.dashboards.bundle import FRESHNESS, Bundle, as_text, bundle, stale
from scripts.dashboards.datasets import columns_of, dataset
from scripts.dashboards.exposures import exposures
from scripts.dashboards.source import Chart, Source, read_source
from scripts.docs.published import Model, read_models
from tests.reporting import manifest

# Dashboards that the warehouse is expected to have; others may come.
EXPECTED = {
    *("course", "at_risk_learners", "individual_learner", "course_comparison", "operator"),
    *("course_outline", "graded_subsection", "problem", "video"),
    *("forum_and_exams", "progress_and_drop_off", "problem_analysis", "data_quality"),
    *("at_risk_learners_with_names", "individual_learner_with_names"),
}
MAKE = "run `make dashboards`"


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return read_models(manifest())


@pytest.fixture(scope="module")
def source() -> Source:
    return read_source(ROOT / "superset")


@pytest.fixture(scope="module")
def made(source: Source, models: dict[str, Model]) -> Bundle:
    return bundle(source, models)


def charts(source: Source) -> list[Chart]:
    return [one for board in source.dashboards for one in board.charts]


def test_the_bundle_is_what_is_made_of_the_source(made: Bundle) -> None:
    for path, content in made.items():
        assert (ASSETS / path).is_file(), f"{path} is missing: {MAKE}"
        assert (ASSETS / path).read_text(encoding="utf-8") == as_text(content), f"{path}: {MAKE}"
    assert not stale(made, ASSETS), MAKE


def test_exposures_are_what_the_dashboards_read(source: Source, models: dict[str, Model]) -> None:
    assert EXPOSURES.read_text(encoding="utf-8") == exposures(source, models), MAKE


def test_the_manifest_has_the_exposures(source: Source) -> None:
    assert {one["name"] for one in manifest()["exposures"].values()} == EXPECTED | {
        board.id for board in source.dashboards
    }


def test_every_published_model_has_a_dataset_or_a_reason(
    source: Source, models: dict[str, Model]
) -> None:
    published = {name for name, model in models.items() if model.is_published}
    with_dataset, without = set(source.datasets.datasets), set(source.datasets.without_dataset)
    assert with_dataset | without == published
    assert not with_dataset & without


def test_every_dataset_is_read_by_a_chart_or_a_filter(source: Source) -> None:
    read = {one.of for one in charts(source)} | {one.of for one in source.filters.values()}
    assert set(source.datasets.datasets) <= read | {FRESHNESS.of}


def test_every_question_has_a_chart(source: Source) -> None:
    answered = {name for one in charts(source) for name in one.answers}
    assert answered == {one.name for one in questions()}


def test_charts_have_names_of_their_own(source: Source) -> None:
    same = {one.id: one for one in charts(source)}
    assert all(same[one.id] == one for one in charts(source))
    for board in source.dashboards:
        counted = Counter(one.id for one in board.charts)
        assert max(counted.values()) == 1, board.id


def test_every_dashboard_says_how_fresh_its_data_is(source: Source, made: Bundle) -> None:
    for board in source.dashboards:
        position = made[f"dashboards/{board.id}.yaml"]["position"]
        assert f"CHART-{FRESHNESS.id}" in position, board.id


def test_rows_are_as_wide_as_a_dashboard(source: Source, made: Bundle) -> None:
    for board in source.dashboards:
        position = made[f"dashboards/{board.id}.yaml"]["position"]
        for node in position.values():
            if isinstance(node, dict) and node["type"] == "ROW":
                widths = [position[child]["meta"]["width"] for child in node["children"]]
                assert sum(widths) == 12, f"{board.id}, {node['id']}: {widths}"


def test_no_dataset_is_a_query(made: Bundle) -> None:
    for path, content in made.items():
        if path.startswith("datasets/"):
            assert content["sql"] is None
            assert content["schema"] in ("reporting", "reporting_pii")


def test_no_metric_is_named_like_a_column(made: Bundle) -> None:
    # ClickHouse would take the column's name in another metric for this one.
    for path, content in made.items():
        if path.startswith("datasets/"):
            columns = {one["column_name"] for one in content["columns"]}
            assert not columns & {one["metric_name"] for one in content["metrics"]}, path


def test_dashboards_for_everybody_read_nothing_personal(source: Source) -> None:
    for board in source.dashboards:
        reads = {one.of for one in board.charts} | {source.filters[one].of for one in board.filters}
        is_personal = any(name.endswith("_with_names") for name in reads)
        assert is_personal == board.id.endswith("_with_names"), board.id


def test_the_bundle_holds_no_password(made: Bundle) -> None:
    uri = made["databases/Warehouse.yaml"]["sqlalchemy_uri"]
    assert uri == "clickhousedb://superset@localhost:8123/reporting"


def test_files_are_found_by_what_they_are_about(made: Bundle) -> None:
    for path, content in made.items():
        if path.startswith("dashboards/"):
            assert content["slug"] == path.removeprefix("dashboards/")[:-5].replace("_", "-")
        if path.startswith("datasets/"):
            assert path.endswith(f"/{content['table_name']}.yaml")


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("count()", set()),
        ("sum(enrolled)", {"enrolled"}),
        ("uniqExact(actor_id, actor_home_page)", {"actor_id", "actor_home_page"}),
        ("countIf(passing_state = 'not there')", {"passing_state"}),
        ("arrayMap(n -> leftPad(n, 2, '0'), places)", {"places"}),
        ("countIf(not is_solved and attempts > 0)", {"is_solved", "attempts"}),
    ],
)
def test_the_columns_of_an_expression_are_found(expression: str, columns: set[str]) -> None:
    assert columns_of(expression) == columns


def test_a_metric_of_no_column_is_refused(source: Source, models: dict[str, Model]) -> None:
    written = source.datasets.datasets["dim_courses"]
    wrong = written.model_copy(update={"metrics": {"size": ("Size", "sum(learners)")}})
    with pytest.raises(LoaderError, match="dim_courses has no column learners in dbt's manifest"):
        dataset("dim_courses", wrong, source.datasets, models["dim_courses"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x": "no_such"}, "fct_enrollments has no column 'no_such' in dbt's manifest"),
        ({"metrics": ("no_such",)}, "fct_enrollments has no metric 'no_such'"),
        ({"of": "fct_statements"}, "superset/datasets.yml has no fct_statements"),
    ],
)
def test_a_chart_of_what_is_not_there_is_refused(
    change: dict[str, object], said: str, source: Source, models: dict[str, Model]
) -> None:
    board = next(one for one in source.dashboards if one.id == "course")
    chart = next(one for one in board.charts if one.id == "enrolled_by_mode")
    wrong = board.model_copy(update={"top": ((chart.model_copy(update=change),),)})
    with pytest.raises(LoaderError, match=said):
        bundle(source.model_copy(update={"dashboards": (wrong,)}), models)


def test_a_filter_of_what_is_not_there_is_refused(source: Source, models: dict[str, Model]) -> None:
    gone = source.filters["grain"].model_copy(update={"of": "fct_gone"})
    wrong = source.model_copy(update={"filters": source.filters | {"grain": gone}})
    with pytest.raises(LoaderError, match=r"Filter Time grain: .* has no fct_gone"):
        bundle(wrong, models)


def test_an_unknown_word_in_the_source_is_named(tmp_path: Path) -> None:
    (tmp_path / "dashboards").mkdir()
    content = {"id": "a", "title": "A", "about": "", "filters": [], "tops": []}
    (tmp_path / "dashboards" / "a.yml").write_text(yaml.safe_dump(content))
    with pytest.raises(LoaderError, match=r"a\.yml: tops: Extra inputs are not permitted"):
        read_source(tmp_path)
