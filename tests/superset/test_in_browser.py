"""Every dashboard in a real browser: no chart in error; pictures are kept in target/superset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scripts.dashboards.bundle import NOTHING_TO_CHOOSE
from scripts.superset_demo import PASSWORD
from tests.superset.browser import PATIENCE_SECONDS, log_in, look_at, running_browser
from tests.superset.conftest import SHOWN, Served
from tests.superset.test_access_in_superset import add_user


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as opened:
        yield opened


@pytest.mark.long
@pytest.mark.parametrize(("user", "widths"), [("admin", (1280, 1920)), ("instructor", (1280,))])
def test_every_dashboard_opens_without_an_error(
    served: Served,
    browser: Browser,
    pictures: Path,
    record_property: Callable[[str, object], None],
    user: str,
    widths: tuple[int, ...],
) -> None:
    page = log_in(browser, served.server.url, user, PASSWORD, widths[0])
    rows = served.as_user(user).list("dashboard", ("slug",))
    slugs = sorted(row["slug"] for row in rows)
    assert len(slugs) == (15 if user == "admin" else 11)
    wrong = []
    for slug in slugs:
        seen = look_at(page, served.server.url, slug, pictures / user, widths)
        record_property(SHOWN, f"{user:10}  {slug:32} {seen.seconds:5.1f} s")
        wrong += [f"{slug}: {error}" for error in seen.errors]
        assert seen.queries >= 2, slug
    assert not wrong, "\n".join(wrong)


def test_who_has_no_course_is_told_so(served: Served, browser: Browser) -> None:
    number = add_user(served, "without_course", ["warehouse_instructor"])
    page = log_in(browser, served.server.url, "without_course", PASSWORD)
    page.goto(f"{served.server.url}/superset/dashboard/course/")
    style = "getComputedStyle(document.querySelector('.dashboard-content > .loading'), '::after')"
    page.wait_for_selector(".dashboard-content > .loading", timeout=PATIENCE_SECONDS * 1000)
    page.wait_for_function(f"{style}.opacity == 1", timeout=PATIENCE_SECONDS * 1000)
    assert page.evaluate(f"{style}.content") == f'"{NOTHING_TO_CHOOSE}"'
    assert page.locator(".dashboard-component-chart-holder").count() == 0
    served.server.delete(f"security/users/{number}")
