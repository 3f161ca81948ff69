"""An embedded dashboard as an authoring tool's page shows it, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response

from loader.superset import guest_token
from scripts.superset_demo import COURSE
from scripts.superset_process import secret
from tests.superset.browser import LOADING, PATIENCE_SECONDS, running_browser
from tests.superset.conftest import Metadata, Served
from tests.superset.test_embedding import EMBEDDED
from tests.web import running

# What @superset-ui/embedded-sdk does: hand over a port, and send the token through it.
TOOL = """<!doctype html>
<body style="margin: 0"><iframe src="{url}/embedded/{id}" width="1280" height="1400"></iframe>
<script>
  const frame = document.querySelector("iframe")
  frame.addEventListener("load", () => {{
    const channel = new MessageChannel()
    const greeting = {{ type: "__embedded_comms__", handshake: "port transfer" }}
    frame.contentWindow.postMessage(greeting, "{url}", [channel.port2])
    channel.port1.start()
    channel.port1.postMessage({{
      switchboardAction: "emit", method: "guestToken", args: {{ guestToken: "{token}" }}
    }})
  }})
</script>"""


@contextmanager
def tool(page: str, port: int = 0) -> Iterator[str]:
    """The address of an authoring tool that has one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: tests have their own output."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    with running(server):
        yield f"http://127.0.0.1:{server.server_port}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as opened:
        yield opened


@pytest.mark.parametrize("slug", EMBEDDED)
def test_a_page_shows_it_to_somebody_without_a_user(
    served: Served, metadata: Metadata, browser: Browser, pictures: Path, slug: str
) -> None:
    url = served.server.url
    identity = served.server.embedded_id(slug)
    assert identity
    token = guest_token(secret(metadata.home, "guest_token_secret"), identity, COURSE[1])
    answers: list[str] = []

    def answered(response: Response) -> None:
        if "/api/v1/" in response.url:
            answers.append(f"{response.status} {response.request.method} {response.url}")

    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    # Superset's pages ask a counter elsewhere; tests ask nobody but this machine.
    page.route(lambda address: "://127.0.0.1" not in address, lambda route: route.abort())
    page.on("response", answered)
    with tool(TOOL.format(url=url, id=identity, token=token)) as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        charts = frame.locator(".dashboard-component-chart-holder")
        charts.first.wait_for(timeout=PATIENCE_SECONDS * 1000)
        quiet = 0
        for _ in range(5 * PATIENCE_SECONDS):
            page.wait_for_timeout(200)
            loading = frame.locator(f":is({LOADING}):visible").count()
            quiet = quiet + 1 if loading == 0 else 0
            if quiet == 3:
                break
        page.screenshot(path=pictures / f"embedded-{slug}.png")
        errors = frame.locator("[data-test='chart-error'], .ant-alert-error").all_inner_texts()
        assert charts.count() >= 2
    page.close()
    asked = [one for one in answers if "/chart/data" in one]
    assert len(asked) >= 2
    assert [one for one in asked if not one.startswith("200")] == []
    assert errors == []
