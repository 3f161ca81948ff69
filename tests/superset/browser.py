"""Dashboards in a real browser: opened, every tab, with what their charts asked and got."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, Response, Route, sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
PATIENCE_SECONDS = 60
# Charts glide into their places; a picture is to look at, and decides nothing.
DRAWING_MILLISECONDS = 700
LOADING = ".loading, [data-test='loading-indicator'], .ant-spin-spinning"


@dataclass
class Seen:
    """What a dashboard did in the browser."""

    slug: str
    errors: list[str] = field(default_factory=list)
    queries: int = 0
    answers: int = 0
    charts: int = 0
    seconds: float = 0.0
    pictures: list[Path] = field(default_factory=list)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium that asks nothing of anybody but this machine."""
    chromium = shutil.which("chromium")
    assert chromium, "No Chromium: `apt-get install chromium fonts-noto-core` on Debian."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


def log_in(browser: Browser, url: str, user: str, password: str, width: int = 1280) -> Page:
    """A page of a user who is logged in."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.route("**/*", _stay_here)
    page = context.new_page()
    page.goto(f"{url}/login/")
    page.locator("input[autocomplete=username], #username").first.fill(user)
    page.locator("input[type=password]").first.fill(password)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/login" not in address, timeout=PATIENCE_SECONDS * 1000)
    return page


def _stay_here(route: Route, request: Request) -> None:
    if "://127.0.0.1" in request.url or request.url.startswith(("data:", "blob:")):
        route.continue_()
    else:
        route.abort()


def look_at(
    page: Page, url: str, slug: str, pictures: Path | None = None, widths: tuple[int, ...] = (1280,)
) -> Seen:
    """Open a dashboard and each of its tabs, and wait for all charts.

    Of each tab a picture is kept, and of the first one at each of the widths, in folders that are
    called as wide as they are.
    """
    seen = Seen(slug)

    def asked(request: Request) -> None:
        seen.queries += "/chart/data" in request.url

    def answered(response: Response) -> None:
        if "/chart/data" in response.url:
            seen.answers += 1
            if response.status >= 400:
                seen.errors.append(f"{response.status} {response.text()[:300]}")

    def given_up(request: Request) -> None:
        seen.answers += "/chart/data" in request.url

    page.on("request", asked)
    page.on("response", answered)
    page.on("requestfailed", given_up)
    started = time.monotonic()
    page.goto(f"{url}/superset/dashboard/{slug}/")
    page.wait_for_selector(".dashboard-component-chart-holder", timeout=PATIENCE_SECONDS * 1000)
    _wait(page, seen)
    seen.seconds = time.monotonic() - started
    tabs = page.locator(".dashboard-component-tabs .ant-tabs-tab")
    for place in range(max(tabs.count(), 1)):
        name = "all"
        if tabs.count():
            tabs.nth(place).click()
            name = tabs.nth(place).inner_text().strip().lower().replace(" ", "-")
            _wait(page, seen)
        seen.charts += page.locator(".dashboard-component-chart-holder:visible").count()
        seen.errors += _errors(page)
        if pictures:
            for width in widths[: None if place == 0 else 1]:
                path = pictures / str(width) / f"{slug}-{place}-{name}.png"
                _picture(page, path, width)
                seen.pictures.append(path)
    page.remove_listener("request", asked)
    page.remove_listener("response", answered)
    page.remove_listener("requestfailed", given_up)
    return seen


def _wait(page: Page, seen: Seen) -> None:
    """Until all that was asked has been answered and nothing is loading, twice in a row."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    quiet = 0
    while quiet < 2:
        page.wait_for_timeout(100)
        is_loading = page.locator(f":is({LOADING}):visible").count() > 0
        quiet = 0 if is_loading or seen.answers < seen.queries else quiet + 1
        if time.monotonic() > deadline:
            seen.errors.append("still loading after a minute")
            return


def _errors(page: Page) -> list[str]:
    selector = "[data-test='chart-error'], .missing-chart-container, .ant-alert-error"
    return [one.inner_text()[:300] for one in page.locator(f":is({selector}):visible").all()]


def _picture(page: Page, path: Path, width: int) -> None:
    """The whole dashboard, however long it is: a window as high as the page."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": width, "height": size["height"]})
    height = page.evaluate(
        "Math.max(document.documentElement.scrollHeight, document.body.scrollHeight)"
    )
    page.set_viewport_size({"width": width, "height": max(int(height), size["height"])})
    page.wait_for_timeout(DRAWING_MILLISECONDS)
    page.screenshot(path=path)
    page.set_viewport_size(size)
