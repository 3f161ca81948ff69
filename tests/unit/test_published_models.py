"""What every published model has: a promise of columns, meaning, tests, an example."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from scripts.docs.published import Check, Column, Model, read_models
from tests.reporting import manifest
from tests.server import ROOT

PUBLISHED_FOLDERS = {"marts", "reports", "operations"}
RELATIONSHIPS = {"found_in", "relationships"}
BLOCKS = {"object_id", "problem_id"}
LITTLE_WORDS = {"a", "an", "and", "in", "is", "it", "of", "the", "this", "to"}
ONE_ROW_IN_ALL = {"ops_freshness"}  # tests/dbt/freshness_is_one_row.sql

Rule = Callable[[Model], list[str]]


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return read_models(manifest())


def test_marts_reports_and_operations_are_published_and_nothing_else(
    models: dict[str, Model],
) -> None:
    for model in models.values():
        expected = "public" if model.folders[0] in PUBLISHED_FOLDERS else "protected"
        assert model.access == expected, model.path
        assert model.is_published == (model.schema in ("reporting", "reporting_pii")), model.path


def test_the_readme_names_all_that_is_published(models: dict[str, Model]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)(…?)`", readme)  # with … whatever begins so
    for model in models.values():
        is_named = any(
            model.name.startswith(name) if more else model.name == name for name, more in named
        )
        assert is_named or not model.is_published, model.name


def promise(model: Model) -> list[str]:
    """A contract on all columns, and somebody who answers for it."""
    found = [] if model.has_contract else ["has no enforced contract"]
    found += [] if model.group else ["belongs to no group"]
    return found + [f"{one.name} has no data_type" for one in model.columns if not one.data_type]


def grain(model: Model) -> list[str]:
    """The first sentence says what one row is."""
    return [] if model.grain.startswith("One row per ") else [f"begins {model.grain!r}"]


def meaning(model: Model) -> list[str]:
    """A description says more than the column's name and type do."""
    return [
        f"{one.name}: {one.description!r} says nothing" for one in model.columns if not _says(one)
    ]


def _says(column: Column) -> bool:
    known = set(
        re.findall(r"[a-z0-9]+", f"{column.name} {column.data_type}".lower().replace("_", " "))
    )
    told = set(re.findall(r"[\w%]+", column.description.lower()))
    return len(told - known - LITTLE_WORDS) >= 2


def key(model: Model) -> list[str]:
    """A key is tested to be unique, and there: not null, not empty unless that means something."""
    if not model.keys:
        return [] if model.name in ONE_ROW_IN_ALL else ["has no test of its key"]
    columns = {one.name: one for one in model.columns}
    there = {one.columns for one in model.checks if _is_there(one)}
    found = []
    for column in (columns[name] for names in model.keys for name in names):
        if (column.name,) in there:
            continue
        if column.data_type.startswith("Nullable"):
            found.append(f"{column.name} of its key may be null")
        if "String" in column.data_type and "mpty" not in column.description:
            found.append(f"{column.name} of its key may be empty, which is not explained")
    return found


def _is_there(check: Check) -> bool:
    if check.kind == "accepted_values":
        return "" not in check.arguments["values"]
    return check.kind in ("not_null", "not_empty")


def relationships(model: Model) -> list[str]:
    """What names a course, or joins blocks, is tested to find them."""
    related = {name for one in model.checks if one.kind in RELATIONSHIPS for name in one.columns}
    columns = {one.name for one in model.columns}
    found = []
    if "course_key" in columns - related and model.name != "dim_courses":
        found.append("has no test that its courses are known")
    blocks = {name for name in columns if name.endswith("block_id") or name in BLOCKS}
    if "dim_course_blocks" in model.upstream and blocks and not blocks & related:
        found.append("has no test that its blocks are known")
    return found


def cases(model: Model) -> list[str]:
    """Each rule is shown as rows in and rows out."""
    return [] if model.cases else ["has no unit test"]


def example(model: Model) -> list[str]:
    """A question in words, and the query that answers it from this table."""
    found = []
    if not re.search(r"\?( |$)", model.question):
        found.append("has no question in config.meta")
    if f"{model.schema}.{model.name}" not in model.example:
        found.append("has no example in config.meta that reads it")
    return found


@pytest.mark.parametrize(
    "rule",
    [promise, grain, meaning, key, relationships, cases, example],
    ids=lambda one: one.__name__,
)
def test_every_published_model_has(rule: Rule, models: dict[str, Model]) -> None:
    broken = [
        f"{model.path}: {what}"
        for model in models.values()
        if model.is_published
        for what in rule(model)
    ]
    assert not broken, "\n".join(broken)
