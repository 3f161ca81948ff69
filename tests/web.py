"""Web servers for tests: real sockets, on ports of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer


@dataclass
class Web:
    """What it serves, by path without query, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)  # it breaks off in the middle of these
    refused: dict[str, int] = field(default_factory=dict)  # with this status
    requests: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, user
    port: int = 0

    def address(self, path: str, user: str = "") -> str:
        """The address of a path, with `user` as user:password."""
        return f"http://{user + '@' if user else ''}127.0.0.1:{self.port}{path}"


@contextmanager
def running(server: HTTPServer) -> Iterator[None]:
    """A server answers, in a thread of its own, while the block runs."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Web]:
    """A server of these files while the block runs."""
    web = Web(files)

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, with_body: bool) -> None:
            path = self.path.partition("?")[0]
            authorization = self.headers.get("Authorization", "")
            web.requests.append((self.command, self.path, authorization))
            if path in web.refused:
                self.send_error(web.refused[path])
                return
            if path not in web.files:
                self.send_error(404)
                return
            content = web.files[path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if with_body:
                self.wfile.write(content[: len(content) // 2] if path in web.cut else content)
                if path in web.cut:
                    self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.port = server.server_address[1]
    with running(server):
        yield web
