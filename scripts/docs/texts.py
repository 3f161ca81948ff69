"""The texts of the repository as pages of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^(#{2,}) (.+)$", re.MULTILINE)
# The site has a page a table instead of this section.
TABLES_SECTION, TABLES_PAGE = "The tables", "tables/index.md"
FILES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


@dataclass(frozen=True)
class Text:
    """A page, its Markdown, and the file of the repository that it is of."""

    page: str
    source: str
    markdown: str


def read_texts(root: Path) -> list[Text]:
    """README.md section by section, docs/, and what else people read."""
    texts = [*_readme((root / "README.md").read_text(encoding="utf-8")), _overview(root)]
    for path in sorted((root / "docs").rglob("*.md")):
        page = path.relative_to(root / "docs").as_posix()
        texts.append(Text(page, f"docs/{page}", path.read_text(encoding="utf-8")))
    for file, page in FILES.items():
        texts.append(Text(page, file, (root / file).read_text(encoding="utf-8")))
    decisions = [one for one in texts if one.page.startswith("decisions/")]
    return [*texts, _index("decisions/index.md", "Decisions", decisions)]


def pages_of(texts: Iterable[Text]) -> dict[str, str]:
    """The page of each file, and of each heading of the README as `README.md#heading`."""
    found = {
        "docs/decisions": "decisions/index.md",
        f"README.md#{slug(TABLES_SECTION)}": TABLES_PAGE,
    }
    for text in texts:
        found.setdefault(text.source, text.page)
        if text.source == "README.md" and text.page != "index.md":
            found[f"README.md#{text.page.removesuffix('.md')}"] = text.page
            for heading in HEADING.finditer(text.markdown):
                anchor = slug(heading[2])
                found[f"README.md#{anchor}"] = f"{text.page}#{anchor}"
    return found


def slug(heading: str) -> str:
    """The name of a heading in links."""
    return re.sub(r"[^\w-]+", "-", re.sub(r"[^\w\s-]", "", heading.lower())).strip("-")


def title(markdown: str) -> str:
    """The first heading of a page."""
    return markdown.lstrip().partition("\n")[0].lstrip("# ")


def _readme(markdown: str) -> Iterator[Text]:
    first, *sections = re.split(r"^## ", markdown, flags=re.MULTILINE)
    yield Text("index.md", "README.md", first)
    for section in sections:
        heading, _, body = section.partition("\n")
        if heading != TABLES_SECTION:
            raised = HEADING.sub(lambda one: f"{one[1][1:]} {one[2]}", body)
            yield Text(f"{slug(heading)}.md", "README.md", f"# {heading}\n{raised}")


def _overview(root: Path) -> Text:
    source = "models/overview.md"
    markdown = (root / source).read_text(encoding="utf-8")
    body = re.sub(r"\{%.*?%\}", "", markdown).strip()
    return Text("overview.md", source, re.sub(r"^# .*", "# Reading the tables", body) + "\n")


def _index(page: str, heading: str, texts: Iterable[Text]) -> Text:
    lines = [f"- [{title(one.markdown)}]({Path(one.page).name})" for one in texts]
    return Text(page, f"docs/{page}", "\n".join([f"# {heading}", "", *lines, ""]))
