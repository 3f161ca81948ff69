"""What is said when what answers is no Superset, another one, or nobody."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from loader.errors import LoaderError, UsageError
from loader.superset import Superset, read_bundle
from loader.superset.apply import at
from scripts.dashboards.__main__ import ASSETS
from tests.web import running

JSON = {"Content-Type": "application/json"}


@contextmanager
def served_by(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server that answers so."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with running(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def answering(status: int, headers: dict[str, str], body: bytes) -> Iterator[str]:
    """The address of something that answers any POST like this."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with served_by(Handler) as url:
        yield url


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (200, JSON, b"{}", "is no Superset: check the address"),
        (200, JSON, b"[]", "is no Superset: check the address"),
        (200, {"Content-Type": "text/html"}, b"<html>Hello</html>", "answers 200 to POST"),
        (404, {}, b"nothing here", "Superset 6 is needed, and the address ends before /api"),
        (401, JSON, b'{"message": "Not authorized"}', "refuses the login: check SUPERSET_USER"),
        (
            308,
            {"Location": "https://superset.example.org/api/v1/security/login"},
            b"",
            "sends one on to https://superset.example.org: give the address",
        ),
    ],
)
def test_what_answers_otherwise_is_told(
    status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    with answering(status, headers, body) as url, pytest.raises(LoaderError, match=said):
        Superset(url, "admin", "secret of the admin")


def test_a_login_that_has_run_out_is_renewed_once() -> None:
    """Where a server is slow, a login of a quarter of an hour may end in the middle."""
    logins: list[str] = []
    tokens = iter(["first", "second"])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            logins.append(next(tokens))
            self._answer(200, f'{{"access_token": "{logins[-1]}"}}')

        def do_GET(self) -> None:
            is_over = self.path.endswith("/me/") and self.headers["Authorization"] == "Bearer first"
            if is_over:
                self._answer(401, '{"msg": "Token has expired"}')
            else:
                self._answer(200, '{"result": "here"}')

        def _answer(self, status: int, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Set-Cookie", "session=1; Path=/")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with served_by(Handler) as url:
        server = Superset(url, "admin", "secret of the admin")
        assert server.get("me/") == {"result": "here"}
        assert logins == ["first", "second"]
        with pytest.raises(LoaderError, match="get a new SUPERSET_TOKEN"):
            Superset(url, "admin", "", logins[0]).get("me/")


def test_who_does_not_answer_is_told_with_the_reason() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        said = f"at {url}: check the address .Connection refused.\\.$"
        with pytest.raises(LoaderError, match=said):
            Superset(url, "admin", "secret of the admin")
    with pytest.raises(UsageError, match="is no address of a Superset"):
        Superset("superset.example.org", "admin", "secret of the admin")


@pytest.mark.parametrize("address", ["", "host:8123", "postgresql://host/db", "clickhousedb:"])
def test_what_is_no_address_of_a_warehouse_is_told(address: str) -> None:
    with pytest.raises(UsageError, match="write clickhousedb://"):
        at(read_bundle(ASSETS), address)
