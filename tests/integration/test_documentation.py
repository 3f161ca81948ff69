"""The documentation is true: every query of it answers, and the site that shows them builds."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loader.checkers import Checkers
from loader.generate import GeneratorOptions, generate
from loader.settings import Settings
from scripts.docs.__main__ import ROOT, write
from scripts.docs.examples import answer
from scripts.docs.published import Model, read_models
from tests.reporting import dbt, manifest
from tests.warehouse import Warehouse

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

COOKBOOK = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
RECIPE = re.compile(
    r"^## (?P<question>.+?)\n.*?```sql\n(?P<query>.+?)```\n\n(?P<result>(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
RECIPES = [found.groupdict() for found in RECIPE.finditer(COOKBOOK)]
GOES_BY_TODAY = re.compile(r"rpt_at_risk|rpt_course_overview")
# What `make demo` made on the day after.
LAST_DAY = datetime.date(2026, 11, 20)
DAY_AFTER = LAST_DAY + datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def demo(
    engine: tuple[Settings, list[Client]],
    workers: Checkers,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """The made-up platform that the documentation shows, on each engine in turn."""
    settings, clients = engine
    warehouse = Warehouse(settings, clients, workers, tmp_path_factory.mktemp("demo"))
    warehouse.empty()
    shown = GeneratorOptions(
        statements=20_000,
        learners=120,
        days=40,
        until=LAST_DAY,
        duplicates=0.01,
        late=0.02,
        voided=0.002,
        malformed=0.001,
    )
    files = generate(warehouse.folder / "platform", shown)
    warehouse.land_dumps(files.statements_path.parent)
    warehouse.ingest_path(files.statements_path)
    dbt(settings, "seed")
    dbt(settings, "run")
    yield warehouse
    warehouse.empty()


def test_every_example_has_an_answer_if_its_table_has_rows(demo: Warehouse) -> None:
    published = [one for one in read_models(manifest()).values() if one.is_published]
    unanswered = [one for one in published if not demo.rows(asked_then(one.example))]
    assert not [one.path for one in unanswered if _rows(demo, one)]


def asked_then(query: str) -> str:
    """The query as on the day after: by now, what it looks for may be long ago."""
    then = query.replace("now()", f"toDateTime('{DAY_AFTER}')")
    return then.replace("today()", f"toDate('{DAY_AFTER}')")


def _rows(demo: Warehouse, model: Model) -> int:
    counted: int = demo.value(f"SELECT count() FROM {model.schema}.{model.name}")
    return counted


def test_every_question_of_the_cookbook_has_a_query_and_its_result() -> None:
    assert len(RECIPES) == COOKBOOK.count("\n## ") == 10


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda one: one["question"])
def test_a_recipe_gives_what_the_cookbook_shows(recipe: dict[str, str], demo: Warehouse) -> None:
    given, shown = answer(demo.client, recipe["query"]), recipe["result"].rstrip()
    if GOES_BY_TODAY.search(recipe["query"]):
        given, shown = given.partition("\n")[0], shown.partition("\n")[0]
    assert given == shown


def test_the_site_builds_with_a_page_for_every_table(demo: Warehouse) -> None:
    folder = demo.folder / "docs"
    (folder / "dbt").mkdir(parents=True)
    (folder / "dbt/manifest.json").write_text(json.dumps(manifest(), default=str))
    (folder / "dbt/static_index.html").write_text("<html>dbt writes this page</html>")
    write(folder, demo.client)

    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(
        [*build, "--config-file", folder / "mkdocs.yml"],
        capture_output=True,
        text=True,
        env={"NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    pages = {path.stem for path in (folder / "site/tables").glob("*.html")}
    published = {one.name for one in read_models(manifest()).values() if one.is_published}
    assert pages == published | {"index"}
    assert not _asked_of_the_network(folder / "site")


def _asked_of_the_network(site: Path) -> list[str]:
    """What our pages would get from elsewhere as soon as they are opened."""
    asked = re.compile(r'<(?:script|link|img)\b[^>]*(?:src|href)="(?:https?:)?//[^"]+')
    return [
        found
        for path in site.rglob("*.html")
        for found in asked.findall(path.read_text(encoding="utf-8"))
    ]
