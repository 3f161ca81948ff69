"""docs/access.md shows what access.yml says."""

from __future__ import annotations

from loader.access import read_access
from scripts.docs.access_tables import PAGE, with_tables
from tests.reporting import PROJECT


def test_the_tables_are_those_of_the_file() -> None:
    page = PAGE.read_text()
    assert page == with_tables(page, read_access(PROJECT / "access.yml")), (
        "run `python -m scripts.docs.access_tables`"
    )


def test_every_role_group_and_service_is_on_the_page() -> None:
    page, access = PAGE.read_text(), read_access(PROJECT / "access.yml")
    for name in (*access.roles, *access.services):
        assert f"| `{name}` |" in page
    for name in access.relations:
        assert f"| {name} |" in page
