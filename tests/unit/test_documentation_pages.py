"""How pages of the documentation are made: links, words for tests, sections of the README."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from scripts.docs.examples import value_text
from scripts.docs.links import link_tables, relink
from scripts.docs.published import Check
from scripts.docs.texts import pages_of, read_texts
from scripts.docs.words import in_words

PAGES = {
    "docs/how.md": "how.md",
    "docs/decisions/0001.md": "decisions/0001.md",
    "README.md#speed": "speed.md",
    "README.md": "index.md",
}


@pytest.mark.parametrize(
    ("source", "link", "shown"),
    [
        ("README.md", "[how](docs/how.md)", "[how](how.md)"),
        ("README.md", "[how](docs/how.md#2-verdict)", "[how](how.md#2-verdict)"),
        ("docs/how.md", "[fast](../README.md#speed)", "[fast](speed.md)"),
        ("docs/how.md", "[fast](../README.md)", "[fast](index.md)"),
        ("README.md", "[fast](#speed)", "[fast](speed.md)"),
        ("docs/how.md", "[why](decisions/0001.md)", "[why](decisions/0001.md)"),
        ("docs/how.md", "[a link\nof two lines](how.md)", "[a link\nof two lines](how.md)"),
        ("docs/how.md", "[elsewhere](https://xapi.com/a)", "[elsewhere](https://xapi.com/a)"),
        ("README.md", "[terms](LICENSE)", "terms (`LICENSE`)"),
        ("README.md", "[LICENSE](LICENSE)", "`LICENSE`"),
    ],
)
def test_links_of_files_become_links_of_pages(
    source: str, link: str, shown: str, tmp_path: Path
) -> None:
    (tmp_path / "LICENSE").touch()
    page = PAGES[source]
    assert relink(f"See {link}.", source, page, PAGES, tmp_path) == f"See {shown}."


def test_a_link_in_code_is_no_link(tmp_path: Path) -> None:
    code = "```python\nvalues[0](missing.md)\n```\n"
    assert relink(code, "README.md", "index.md", PAGES, tmp_path) == code


def test_a_link_to_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"README\.md links to docs/missing\.md"):
        relink("[there](docs/missing.md)", "README.md", "index.md", PAGES, tmp_path)


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("in `dim_courses`", "in [`dim_courses`](tables/dim_courses.md)"),
        ("`reporting.dim_courses`", "[`reporting.dim_courses`](tables/dim_courses.md)"),
        ("`dim_courses` and `org`", "[`dim_courses`](tables/dim_courses.md) and `org`"),
        ("[`dim_courses`](there.md)", "[`dim_courses`](there.md)"),
        ("# `dim_courses`", "# `dim_courses`"),
        ("`select * from dim_courses`", "`select * from dim_courses`"),
        ("dim_courses", "dim_courses"),
    ],
)
def test_a_table_named_as_code_leads_to_its_page(text: str, linked: str) -> None:
    assert link_tables(text, "index.md", {"dim_courses"}) == linked


def test_a_page_does_not_lead_to_itself() -> None:
    text = "`dim_courses`, `dim_learners`"
    linked = "`dim_courses`, [`dim_learners`](dim_learners.md)"
    assert link_tables(text, "tables/dim_courses.md", {"dim_courses", "dim_learners"}) == linked


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check("unique", ("id",), {}, "", ""), "No two rows have the same `id`."),
        (
            Check("unique_combination", ("org", "course_key"), {}, "", ""),
            "No two rows have the same `org` and `course_key`.",
        ),
        (
            Check("found_in", ("a", "b", "c"), {"to": "ref('dim_courses')"}, "a != ''", ""),
            "The `a`, `b` and `c` of every row are in `dim_courses`. (Where `a != ''`.)",
        ),
        (
            Check("accepted_values", ("verb",), {"values": ["played", "paused"]}, "", ""),
            "`verb` is `played` or `paused`.",
        ),
        (
            Check("always", (), {"condition": "a <=\n  b"}, "", "no_more_a_than_b"),
            "No more a than b. In every row `a <= b`.",
        ),
        (Check("singular", (), {}, "", "sums_are_equal"), "Sums are equal."),
    ],
)
def test_what_a_test_checks_is_said_in_words(check: Check, words: str) -> None:
    assert in_words(check) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0.5, "0.5"),
        (["a", "b"], "a, b"),
        ("a|b <i>\n", "a\\|b &lt;i>"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5, 678901), "2026-01-02 03:04:05"),
    ],
)
def test_values_are_shown_as_readers_want_them(value: object, text: str) -> None:
    assert value_text(value) == text


def test_sections_of_the_readme_are_pages_found_by_their_headings(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(
        "# Project\nFirst.\n\n## The tables\nA list.\n\n## How to load\nSo.\n\n### Files\nSo.\n"
    )
    (tmp_path / "docs/decisions").mkdir(parents=True)
    (tmp_path / "docs/decisions/0001-a.md").write_text("# 0001: Use a\n")
    (tmp_path / "models").mkdir()
    (tmp_path / "models/overview.md").write_text(
        "{% docs __overview__ %}\n# Project\n{% enddocs %}"
    )
    for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
        (tmp_path / name).write_text(f"# {name}\n")

    texts = {one.page: one for one in read_texts(tmp_path)}
    pages = pages_of(texts.values())

    assert texts["index.md"].markdown == "# Project\nFirst.\n\n"
    assert texts["how-to-load.md"].markdown == "# How to load\nSo.\n\n## Files\nSo.\n"
    assert "[0001: Use a](0001-a.md)" in texts["decisions/index.md"].markdown
    assert pages["README.md"] == "index.md"
    assert pages["README.md#how-to-load"] == "how-to-load.md"
    assert pages["README.md#files"] == "how-to-load.md#files"
    assert pages["README.md#the-tables"] == "tables/index.md"
