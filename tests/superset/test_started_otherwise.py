"""A Superset with security headers, sites that may embed it, and another language to begin with."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage

import pytest
from playwright.sync_api import Browser

from loader.superset import guest_token
from scripts.superset_demo import COURSE, PASSWORD
from scripts.superset_process import running, secret
from tests.server import free_port
from tests.superset.browser import PATIENCE_SECONDS, running_browser
from tests.superset.conftest import Metadata, Served
from tests.superset.test_embedded_in_browser import TOOL, tool

SLUG = "course-outline"


@dataclass(frozen=True)
class Otherwise:
    """A Superset that says of which site it may be embedded, and speaks Spanish."""

    url: str
    port: int  # of the site that may
    page: str  # which embeds a dashboard

    def asked(self, path: str) -> tuple[HTTPMessage, str]:
        """Headers and text of a page."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=60) as answer:  # noqa: S310
            return answer.headers, answer.read().decode()


@pytest.fixture(scope="module")
def otherwise(
    served: Served, metadata: Metadata, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Otherwise]:
    home = metadata.copy_to(tmp_path_factory.mktemp("otherwise"))
    port = free_port(0)
    identity = served.server.embedded_id(SLUG)
    assert identity
    token = guest_token(secret(home, "guest_token_secret"), identity, COURSE[1])
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SUPERSET_TALISMAN", "true")
        patched.setenv("SUPERSET_EMBEDDING_ORIGINS", f"http://127.0.0.1:{port}")
        patched.setenv("SUPERSET_LANGUAGE", "es")
        with running(home, PASSWORD) as url:
            yield Otherwise(url, port, TOOL.format(url=url, id=identity, token=token))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as opened:
        yield opened


def test_headers_name_the_site_and_keep_the_rest(otherwise: Otherwise) -> None:
    for path in ("/login/", "/health", f"/embedded/{otherwise.page.split('/embedded/')[1][:36]}"):
        headers, _ = otherwise.asked(path)
        policy = dict(
            one.strip().partition(" ")[::2] for one in headers["Content-Security-Policy"].split(";")
        )
        assert policy["frame-ancestors"] == f"'self' http://127.0.0.1:{otherwise.port}"
        assert policy["default-src"] == "'self'"
        assert "'nonce-" in policy["script-src"]
        # It knows one site or none, and browsers would go by it.
        assert "X-Frame-Options" not in headers
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("may_embed", [True, False])
def test_only_a_page_of_that_site_can_show_a_dashboard(
    otherwise: Otherwise, browser: Browser, may_embed: bool
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.route(lambda address: "://127.0.0.1" not in address, lambda route: route.abort())
    charts = page.frame_locator("iframe").locator(".dashboard-component-chart-holder")
    with tool(otherwise.page, otherwise.port if may_embed else 0) as address:
        if may_embed:
            page.goto(address)
            charts.first.wait_for(timeout=PATIENCE_SECONDS * 1000)
            assert charts.count() >= 2
        else:
            with page.expect_console_message(lambda one: "frame-ancestors" in one.text):
                page.goto(address)
            assert charts.count() == 0
    page.close()


def test_it_speaks_the_language_to_begin_with(otherwise: Otherwise) -> None:
    _, text = otherwise.asked("/login/")
    assert re.search(r"&#34;locale&#34;: &#34;es&#34;|&quot;locale&quot;: &quot;es&quot;", text)
    assert re.search(r"&#34;decimal&#34;: &#34;,&#34;|&quot;decimal&quot;: &quot;,&quot;", text)
