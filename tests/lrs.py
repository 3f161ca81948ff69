"""An LRS for tests, over real HTTP: what `GET statements` has to do, and faults on request.

    python -m tests.lrs FILE [--port N]

serves the statements of a file, one a line, until it is interrupted.

Follows xAPI 1.0.3 part 3 (Communication), 2.1.3 and 3; IEEE 9274.1.1.
"""

from __future__ import annotations

import argparse
import base64
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.web import running

LOCALHOST = "127.0.0.1"
PATH = "/xapi/statements"
BEGINNING = datetime(2026, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
PARAMETERS = {"since", "until", "ascending", "limit", "cursor"}

USER, PASSWORD, TOKEN = "key", "sesame", "token-of-a-reader"


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire, as a fault may change it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    sent: float = 1.0  # the share of the body that goes out before the connection is cut
    held: bool = False  # whether the rest waits until the server ends


Fault = Callable[[Answer], Answer]
"""What goes wrong with one answer."""


def as_it_should_be(answer: Answer) -> Answer:
    """No fault: for the answers before one."""
    return answer


def status(code: int, **headers: str) -> Fault:
    """Another status, with headers as `Retry_After="2"`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _answer: Answer(code, b'{"message": "not now"}', named)


def cut(answer: Answer) -> Answer:
    """The connection ends in the middle of the page."""
    return replace(answer, sent=0.5)


def cut_at_once(answer: Answer) -> Answer:
    """The connection ends before there is any answer."""
    return replace(answer, sent=0.0)


def slow(answer: Answer) -> Answer:
    """The second half of the page does not come."""
    return replace(answer, sent=0.5, held=True)


def malformed(answer: Answer) -> Answer:
    """A page without its end, though it says it is whole."""
    return replace(answer, body=answer.body[:-20])


def changed(change: Callable[[Any], None]) -> Fault:
    """The page after `change` was at its JSON value."""

    def fault(answer: Answer) -> Answer:
        page = json.loads(answer.body)
        change(page)
        return replace(answer, body=json.dumps(page).encode())

    return fault


def header(name: str, value: str) -> Fault:
    """Another value of a header; an empty one leaves it out."""

    def fault(answer: Answer) -> Answer:
        headers = answer.headers | {name: value}
        return replace(answer, headers={key: said for key, said in headers.items() if said})

    return fault


@dataclass(frozen=True)
class Stored:
    """A statement in the store; what came with it, and when."""

    time: datetime
    number: int  # in the order of arrival
    text: bytes


@dataclass
class TestLrs:
    """A store with its server. Its clock goes by one second with each statement."""

    __test__ = False

    url: str = ""
    page_size: int = 100  # the most that a page has
    versions: tuple[str, ...] = ("1.0.", "2.0.")
    goes_by: str = "stored"  # or, as Ralph, by the "timestamp", in `since` and `until` too
    is_ascending: bool = True  # when it is asked to be
    lag: timedelta = timedelta(0)  # of Consistent-Through behind the clock
    clock: datetime = BEGINNING
    statements: list[Stored] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)  # of the next answers, one each
    queries: list[dict[str, str]] = field(default_factory=list)  # as they were asked
    ending: threading.Event = field(default_factory=threading.Event)

    @property
    def endpoint(self) -> str:
        """What a user would call the URL of this LRS."""
        return self.url.removesuffix("/statements")

    def store(self, *made: dict[str, Any], at: datetime | None = None) -> list[bytes]:
        """Keep statements, and give their texts as they come back.

        `at` is for those of a node whose clock is late: they show up with an earlier time.
        """
        texts = []
        for one in made:
            self.clock += SECOND
            time = at or self.clock
            kept = one | {"stored": f"{time:%Y-%m-%dT%H:%M:%S.%f}000Z"}
            text = json.dumps(kept, ensure_ascii=False, indent=1).encode()
            self.statements.append(Stored(time, len(self.statements), text))
            texts.append(text)
        return texts

    def answer(self, path: str, headers: Any) -> Answer:
        """What a request gets, without the fault that may befall it."""
        through = self.clock - self.lag
        said = {
            "X-Experience-API-Version": self.versions[-1]
            + ("3" if "1.0." in self.versions else "0"),
            "X-Experience-API-Consistent-Through": f"{through:%Y-%m-%dT%H:%M:%S.%fZ}",
            "Content-Type": "application/json",
        }
        asked = urlsplit(path)
        query = dict(parse_qsl(asked.query))
        self.queries.append(query)
        if asked.path != PATH:
            return Answer(404, b"", said)
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("Authorization") not in (f"Basic {basic}", f"Bearer {TOKEN}"):
            return Answer(401, b"", said | {"WWW-Authenticate": "Basic"})
        if not headers.get("X-Experience-API-Version", "").startswith(self.versions):
            return Answer(400, b"X-Experience-API-Version is missing or not supported", said)
        if unknown := set(query) - PARAMETERS:
            return Answer(400, f"unknown parameter {min(unknown)}".encode(), said)
        return Answer(200, self._page(query), said)

    def _page(self, query: dict[str, str]) -> bytes:
        chosen = sorted(self.statements, key=self._key)
        if "since" in query:
            since = datetime.fromisoformat(query["since"].replace("Z", "+00:00"))
            chosen = [one for one in chosen if self._key(one)[0] > since]
        if "until" in query:
            until = datetime.fromisoformat(query["until"].replace("Z", "+00:00"))
            chosen = [one for one in chosen if self._key(one)[0] <= until]
        if query.get("ascending") != "true" or not self.is_ascending:
            chosen.reverse()
        if "cursor" in query:
            numbers = [one.number for one in chosen]
            chosen = chosen[numbers.index(int(query["cursor"])) + 1 :]
        size = min(int(query.get("limit", 0)) or self.page_size, self.page_size)
        page, rest = chosen[:size], chosen[size:]
        more = f"{PATH}?{urlencode(query | {'cursor': page[-1].number})}" if rest else ""
        texts = b",\n".join(one.text for one in page)
        return b'{"statements": [\n' + texts + b'\n], "more": ' + json.dumps(more).encode() + b"}"

    def _key(self, one: Stored) -> tuple[datetime, int]:
        if self.goes_by == "timestamp":
            written = json.loads(one.text)["timestamp"]
            return datetime.fromisoformat(written.replace("Z", "+00:00")), one.number
        return one.time, one.number


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lrs: TestLrs

    def do_GET(self) -> None:
        """Answer, with the fault whose turn it is."""
        answer = self.lrs.answer(self.path, self.headers)
        if self.lrs.faults:
            answer = self.lrs.faults.popleft()(answer)
        if answer.sent:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: int(len(answer.body) * answer.sent)])
            self.wfile.flush()
        if answer.held:
            self.lrs.ending.wait()
        self.close_connection = answer.sent < 1

    def log_message(self, *_: object) -> None:
        """Tests look at the queries instead."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that give up are what some tests are about."""


@contextmanager
def running_lrs(lrs: TestLrs | None = None, port: int = 0) -> Iterator[TestLrs]:
    """An LRS, by default without statements, on a port of its own for the time of the block."""
    lrs = lrs or TestLrs()
    handler = type("Handler", (_Handler,), {"lrs": lrs})
    server = _Server((LOCALHOST, port), handler)
    lrs.url = f"http://{LOCALHOST}:{server.server_address[1]}{PATH}"
    with running(server):
        try:
            yield lrs
        finally:
            lrs.ending.set()


def _statements(path: Path) -> Iterable[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def main() -> None:
    """Serve the statements of a file."""
    parser = argparse.ArgumentParser(prog="python -m tests.lrs", description=__doc__)
    parser.add_argument("file", type=Path, help="statements, one a line")
    parser.add_argument("--port", type=int, default=0, help="by default any that is free")
    parser.add_argument("--page-size", type=int, default=100, help="statements a page")
    arguments = parser.parse_args()
    lrs = TestLrs(page_size=arguments.page_size)
    lrs.store(*_statements(arguments.file))
    with running_lrs(lrs, arguments.port):
        print(f"{lrs.endpoint} with LRS_USER={USER} LRS_PASSWORD={PASSWORD}", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
