"""A proxy before a ClickHouse server, which breaks what it is told to break."""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_to_bytes

from tests.web import running


class Fault(Enum):
    """What happens to a request."""

    REFUSED = "it is not taken at all"
    CUT = "the server gets half of it"
    UNANSWERED = "the server does it, and its answer is lost"
    HALF_ANSWERED = "the server does not get it, and an answer begins"
    LATE = "the answer comes when nobody waits for it any more"
    TWICE = "the server gets it twice"
    BUSY = "something on the way says 503"
    DEAD = "the server is killed while it is at it"


Plan = Callable[[bytes], Fault | None]
"""Which fault happens to a request, by its beginning."""


@dataclass
class Proxy:
    """Which faults shall happen, and which have."""

    port: int
    plan: Plan
    kill: Callable[[], None] = lambda: None
    late: float = 0.0  # seconds
    happened: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def at_random(dice: random.Random, faults: list[Fault], every: int) -> Plan:
    """One of these faults at about every so many requests of a load."""

    def plan(what: bytes) -> Fault | None:
        if b"xapi." not in what or b"schema_versions" in what:
            return None  # whoever connects is told at once that nobody answers
        drawn, fault = dice.randrange(every), dice.choice(faults)
        return fault if drawn == 0 else None

    return plan


Answer = tuple[int, list[tuple[str, str]], bytes]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, plan: Plan, late: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = (host, port)
        self.proxy = Proxy(self.server_port, plan, late=late)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self._body()
        proxy = self.server.proxy
        with proxy.lock:
            fault = proxy.plan(unquote_to_bytes(self.path) + body[:1000])
            if fault:
                proxy.happened.append(fault)
        with suppress(OSError, http.client.HTTPException):
            answer = self._broken(fault, body) if fault else self._forward(body)
            if answer:
                self._answer(answer)
                return
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _broken(self, fault: Fault, body: bytes) -> Answer | None:
        """What is answered nevertheless."""
        if fault is Fault.BUSY:
            return 503, [], b"try again"
        if fault is Fault.HALF_ANSWERED:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-ClickHouse-Server-Display-Name: x\r\n")
            return None
        if fault is Fault.REFUSED:
            return None
        if fault is Fault.DEAD:
            threading.Timer(0.01, self.server.proxy.kill).start()
        if fault is Fault.TWICE:
            self._forward(body)
        answer = self._forward(body, half=fault is Fault.CUT)
        if fault is Fault.LATE:
            time.sleep(self.server.proxy.late)
        return answer if fault in (Fault.LATE, Fault.TWICE) else None

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _forward(self, body: bytes, half: bool = False) -> Answer | None:
        connection = http.client.HTTPConnection(*self.server.behind, timeout=60)
        with closing(connection):
            connection.putrequest(self.command, self.path, skip_host=True)
            for name, value in self.headers.items():
                if name not in ("Transfer-Encoding", "Content-Length"):
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body[: len(body) // 2] if half else body)
            if half:
                return None
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _answer(self, answer: Answer) -> None:
        status, headers, body = answer
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def proxy_to(host: str, port: int, plan: Plan, late: float = 0.0) -> Iterator[Proxy]:
    """A proxy to a server while the block runs; `late` is in seconds."""
    server = _Server(host, port, plan, late)
    with running(server):
        yield server.proxy
