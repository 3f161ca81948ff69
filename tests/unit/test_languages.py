"""Dashboards in other languages: every string is in the table, and what is made of it holds."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.errors import UsageError
from loader.superset.bundle import Asset, Bundle, read_bundle
from loader.superset.identity import OURS
from loader.superset.languages import BOOL, in_languages, read_in_languages
from loader.superset.own_columns import in_words
from loader.superset.translations import Translation, read_translations
from scripts.dashboards.__main__ import ASSETS

TABLE = ASSETS.parent / "translations.csv"
OTHERS = ("es", "fr", "ar")
LANGUAGES = ("en", *OTHERS)
COLUMNS = ("groupby", "all_columns", "x_axis", "entity", "groupbyRows", "groupbyColumns")
# Names of courses, people and things; numbers; keys and codes that documentation tells about.
NO_WORDS = re.compile(r"[^a-z]*")
# What keeps its form in every language: code, numbers, and the marks of Markdown.
KEPT = re.compile(r"`[^`]*`|\d+(?:[.,]\d+)*|\*+")


@pytest.fixture(scope="module")
def english() -> Bundle:
    return read_bundle(ASSETS)


@pytest.fixture(scope="module")
def translations() -> list[Translation]:
    into = read_translations(TABLE)
    return [into(language) for language in LANGUAGES]


@pytest.fixture(scope="module")
def made(english: Bundle, translations: list[Translation]) -> Bundle:
    return in_languages(english, translations)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_string_is_in_the_table_in_every_language(
    made: Bundle, translations: list[Translation]
) -> None:
    assert made
    missing = sorted({f"{one.language}: {text}" for one in translations for text in one.missing})
    assert not missing, "superset/translations.csv lacks\n" + "\n".join(missing)


def test_the_table_has_nothing_that_nobody_sees(
    english: Bundle, rows: list[dict[str, str]]
) -> None:
    nothing = Translation("es", {}, {})
    in_languages(english, [nothing])
    assert {row["en"] for row in rows if not row["values_of"]} == nothing.missing


def test_the_table_has_each_string_once_and_in_every_language(rows: list[dict[str, str]]) -> None:
    counted = Counter((row["values_of"], row["en"]) for row in rows)
    assert max(counted.values()) == 1, counted.most_common(3)
    for row in rows:
        assert all(row[language].strip() == row[language] != "" for language in LANGUAGES), row


def test_code_numbers_and_markup_are_kept(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for language in OTHERS:
            assert Counter(KEPT.findall(row["en"])) == Counter(KEPT.findall(row[language])), row


def test_arabic_is_written_in_arabic(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert re.search(r"[\u0600-\u06ff]", row["ar"]), row


def test_values_that_are_words_are_told_in_words(
    english: Bundle, rows: list[dict[str, str]]
) -> None:
    known = {(name, row["en"]) for row in rows for name in row["values_of"].split()}
    shown = [
        (name, column["type"])
        for _path, chart in english.of("charts")
        for name, column in _columns(english, chart).items()
        if any(name in _names(chart["params"].get(key, [])) for key in COLUMNS)
    ]
    values = {
        (name, value)
        for name, kind in shown
        for value in re.findall(r"'([^']*)' = ", kind)
        if not NO_WORDS.fullmatch(value)
    }
    assert ("passing_state", "not graded yet") in values
    assert values <= known
    assert {(BOOL, "true"), (BOOL, "false")} <= known


def test_english_alone_is_the_bundle_as_it_is(english: Bundle) -> None:
    assert in_languages(english, [Translation("en", {}, {})]) == english
    assert read_in_languages(ASSETS, ["en"]) == english


def test_the_first_language_takes_the_place_of_english(
    english: Bundle, translations: list[Translation]
) -> None:
    spanish = in_languages(english, [translations[1]])
    assert spanish.files.keys() == english.files.keys()
    for kind in ("datasets", "charts", "dashboards"):
        assert spanish.by_uuid(kind).keys() == english.by_uuid(kind).keys()
    assert spanish.files["dashboards/course.yaml"]["dashboard_title"] == "Curso"
    assert spanish.files["dashboards/course.yaml"]["slug"] == "course"
    course = spanish.files["datasets/Warehouse/rpt_course_overview.yaml"]
    labels = {one["column_name"]: one["verbose_name"] for one in course["columns"]}
    assert labels["course_name"] == "Curso"


def test_further_languages_have_dashboards_of_their_own(english: Bundle, made: Bundle) -> None:
    for kind in ("charts", "dashboards"):
        ours = [content["uuid"] for _path, content in made.of(kind)]
        assert len(set(ours)) == len(ours) == len(LANGUAGES) * len(english.by_uuid(kind))
        assert all(one.startswith(OURS) for one in ours)
    assert made.by_uuid("datasets").keys() == english.by_uuid("datasets").keys()
    boards = [content for _path, content in made.of("dashboards")]
    assert len({one["slug"] for one in boards}) == len(boards)
    assert {"course", "course-es", "course-fr", "course-ar"} <= {one["slug"] for one in boards}
    charts = made.by_uuid("charts")
    for board in boards:
        for node in board["position"].values():
            if isinstance(node, dict) and node["type"] == "CHART":
                assert charts[node["meta"]["uuid"]]["slice_name"] == node["meta"]["sliceName"]


def test_charts_name_what_their_dataset_has(made: Bundle) -> None:
    datasets = made.by_uuid("datasets")
    for path, chart in made.of("charts"):
        dataset = datasets[chart["dataset_uuid"]]
        metrics = {one["metric_name"] for one in dataset["metrics"]}
        columns = {one["column_name"] for one in dataset["columns"]}
        for key, value in chart["params"].items():
            if key in ("metric", "metrics", "metrics_b", "x", "y", "size"):
                assert set(_names(value)) <= metrics, f"{path}, {key}"
            if key in COLUMNS:
                assert set(_names(value)) <= columns, f"{path}, {key}"


def test_a_metric_means_the_same_in_all_languages(
    english: Bundle, made: Bundle, translations: list[Translation]
) -> None:
    """Or one language would show another's number."""
    for path, dataset in english.of("datasets"):
        merged = {one["metric_name"]: one["expression"] for one in made.files[path]["metrics"]}
        for translation in translations:
            for metric in dataset["metrics"]:
                name = translation.label(metric["metric_name"])
                assert merged[name] == metric["expression"], f"{path}: {name}"
        # ClickHouse would take the column's name in another metric for this one.
        columns = {one["column_name"] for one in made.files[path]["columns"]}
        assert not merged.keys() & columns, path


@pytest.mark.parametrize("language", OTHERS)
def test_no_two_metrics_of_a_dataset_get_one_name(
    english: Bundle, translations: list[Translation], language: str
) -> None:
    known = next(one for one in translations if one.language == language)
    for path, dataset in english.of("datasets"):
        names = Counter(known.label(one["metric_name"]) for one in dataset["metrics"])
        assert max(names.values()) == 1, f"{path}: {names.most_common(1)}"


def test_headers_of_a_table_differ(made: Bundle) -> None:
    for path, chart in made.of("charts"):
        if chart["viz_type"] == "table":
            config = chart["params"]["column_config"]
            headers = Counter(one.get("customColumnName", name) for name, one in config.items())
            assert max(headers.values()) == 1, f"{path}: {headers.most_common(1)}"


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        ("String", "transform(toString(mode), {words}, toString(mode))"),
        (
            "Array(String)",
            "arrayStringConcat(arrayMap(value -> "
            "transform(toString(value), {words}, toString(value)), mode), ', ')",
        ),
    ],
)
def test_words_are_quoted(kind: str, expression: str) -> None:
    column = {"column_name": "mode", "expression": None, "type": kind}
    words = r"['a\'b', 'c\\d'], ['é', 'ع']"
    assert in_words(column, {"a'b": "é", "c\\d": "ع"}) == expression.format(words=words)


@given(st.lists(st.text("ab.:;*`() ·-", min_size=1).map(lambda text: " ".join(text.split()))))
def test_a_text_without_translation_stays_as_it_is(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert Translation("es", {}, {}).markdown(text) == text


@pytest.mark.parametrize(
    ("table", "language", "said"),
    [
        ("values_of,en,es\n,Day,Día\n", "de", "has no language 'de', but en, es"),
        ("en,es\nDay,Día\n", "es", "begins with other columns than values_of,en"),
        ("", "es", "begins with other columns"),
        ('values_of,en,es\n,"Day,Día\n', "es", "is no CSV"),
    ],
)
def test_a_table_that_does_not_serve_is_told(
    tmp_path: Path, table: str, language: str, said: str
) -> None:
    path = tmp_path / "translations.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_translations(path)(language)


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_translations(tmp_path / "translations.csv")


def _columns(bundle: Bundle, chart: Asset) -> dict[str, Any]:
    dataset = bundle.by_uuid("datasets")[chart["dataset_uuid"]]
    return {one["column_name"]: one for one in dataset["columns"]}


def _names(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
