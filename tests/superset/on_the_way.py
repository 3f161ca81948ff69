"""What stands between the loader and a Superset, and breaks what is asked of its log."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.web import running

KEPT = ("Authorization", "Content-Type", "Cookie", "X-CSRFToken", "Accept")
LONGEST_SECONDS = 30


class OnTheWay(ThreadingHTTPServer):
    """A proxy before a Superset, at an address of its own.

    Requests of the log get the next of `faults`, a status or 0 for none; `before` is called with
    the path of each that is passed on. A `slow` one answers none of them.
    """

    def __init__(
        self, beyond: str, faults: list[int], before: Callable[[str], None], slow: bool
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.beyond = beyond
        self.faults = faults
        self.before = before
        self.slow = slow
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: OnTheWay

    def do_GET(self) -> None:
        if self.path.startswith("/api/v1/log/"):
            if self.server.slow:
                self.server.over.wait(LONGEST_SECONDS)
                return
            status = self.server.faults.pop(0) if self.server.faults else 0
            if status:
                self._answer(status, {"Retry-After": "1"} if status == 429 else {}, b"")
                return
            self.server.before(self.path)
        self._pass_on(None)

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def _pass_on(self, body: bytes | None) -> None:
        headers = {name: self.headers[name] for name in KEPT if name in self.headers}
        request = urllib.request.Request(self.server.beyond + self.path, body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=LONGEST_SECONDS) as answer:  # noqa: S310
                self._answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            self._answer(error.code, dict(error.headers), error.read())

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name in ("Content-Type", "Set-Cookie", "Retry-After"):
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def between(
    url: str,
    faults: list[int] | None = None,
    before: Callable[[str], None] = lambda _path: None,
    slow: bool = False,
) -> Iterator[OnTheWay]:
    """The proxy while the block runs."""
    server = OnTheWay(url, list(faults or []), before, slow)
    with running(server):
        try:
            yield server
        finally:
            server.over.set()
