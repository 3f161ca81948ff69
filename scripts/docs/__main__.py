"""Write the pages of the documentation site, and the configuration to build it with.

    python -m scripts.docs FOLDER

reads what `dbt docs generate --static` wrote to FOLDER/dbt, asks the configured warehouse for what
the examples return, and leaves FOLDER/pages and FOLDER/mkdocs.yml.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clickhouse_connect.driver.exceptions import ClickHouseError
from mkdocs.utils.yaml import yaml_load

from loader.engine import connect, first_sentence
from loader.settings import load_settings
from scripts.docs.examples import answer
from scripts.docs.links import link_tables, relink
from scripts.docs.published import Model, read_models
from scripts.docs.table_pages import DBT_DOCS, groups, index, page
from scripts.docs.texts import Text, pages_of, read_texts

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, client: Client) -> None:
    """Write the pages of the site, and its configuration, to `folder`."""
    manifest = json.loads((folder / "dbt/manifest.json").read_text(encoding="utf-8"))
    models = read_models(manifest)
    texts = read_texts(ROOT)
    pages = folder / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "assets", pages / "assets")
    (pages / DBT_DOCS).parent.mkdir()
    # dbt says in it where the project is on this machine, which is nobody's business.
    made_by_dbt = (folder / "dbt/static_index.html").read_text(encoding="utf-8")
    (pages / DBT_DOCS).write_text(made_by_dbt.replace(str(ROOT), "."), encoding="utf-8")
    for name, markdown in all_pages(models, texts, client).items():
        path = pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markdown, encoding="utf-8")
    # YAML too, as every JSON text is.
    configuration = json.dumps(site(models, texts), indent=2)
    (folder / "mkdocs.yml").write_text(configuration, encoding="utf-8")


def all_pages(models: dict[str, Model], texts: list[Text], client: Client) -> dict[str, str]:
    """Every page by its name, as Markdown with links between pages."""
    files = pages_of(texts)
    written = {one.page: relink(one.markdown, one.source, one.page, files, ROOT) for one in texts}
    published = {name: model for name, model in models.items() if model.is_published}
    written["tables/index.md"] = index(models)
    for name, model in published.items():
        written[f"tables/{name}.md"] = page(model, models, _example_answer(model, client))
    return {name: link_tables(text, name, published) for name, text in written.items()}


def _example_answer(model: Model, client: Client) -> str:
    try:
        return answer(client, model.example)
    except ClickHouseError as error:
        why = first_sentence(str(error))
        sys.exit(f"The example of {model.path} cannot be answered: {why}")


def site(models: dict[str, Model], texts: list[Text]) -> dict[str, Any]:
    """The configuration: that of the project, with every table and decision in the navigation."""
    project = ROOT / "mkdocs.yml"
    with project.open(encoding="utf-8") as file:
        nav = yaml_load(file)["nav"]
    below: dict[str, list[Any]] = {
        "tables/index.md": [
            {subject: [f"tables/{one.name}.md" for one in tables]}
            for subject, tables in groups(models).items()
        ],
        "decisions/index.md": [one.page for one in texts if one.page.startswith("decisions/0")],
    }
    return {
        "INHERIT": str(project),
        "docs_dir": "pages",
        "site_dir": "site",
        "nav": [_with_children(entry, below) for entry in nav],
    }


def _with_children(entry: Any, below: dict[str, list[Any]]) -> Any:
    """An entry of the navigation, with what belongs below its index."""
    if not isinstance(entry, dict):
        return entry
    ((name, content),) = entry.items()
    if isinstance(content, str):
        return entry
    children = [_with_children(one, below) for one in content]
    return {name: children + [more for one in content for more in below.get(str(one), [])]}


if __name__ == "__main__":
    write(Path(sys.argv[1]), connect(load_settings()))
