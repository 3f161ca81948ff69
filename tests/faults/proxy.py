"""A proxy before a ClickHouse server, which breaks what it is told to break."""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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


@dataclass
class Proxy:
    """Which faults shall happen, and which have."""

    port: int
    plan: Callable[[int, bytes], Fault | None]  # by the number of a request and what it is
    kill: Callable[[], None] = lambda: None
    late: float = 0.0  # seconds
    happened: list[Fault] = field(default_factory=list)
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def at_random(dice: random.Random, faults: list[Fault], every: int) -> Callable[..., Fault | None]:
    """One of these faults at about every so many requests, the first few passed over."""

    def plan(number: int, _what: bytes) -> Fault | None:
        drawn, fault = dice.randrange(every), dice.choice(faults)
        return fault if number > 8 and drawn == 0 else None

    return plan


@contextmanager
def proxy_to(
    host: str, port: int, plan: Callable[[int, bytes], Fault | None], late: float = 0.0
) -> Iterator[Proxy]:
    """A proxy to a server while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self._body()
            what = self.path.encode() + body[:300]
            with proxy.lock:
                proxy.requests += 1
                fault = proxy.plan(proxy.requests, what)
                if fault:
                    proxy.happened.append(fault)
            with suppress(OSError, http.client.HTTPException):
                self._break(fault, body) if fault else self._answer(self._forward(body))

        do_GET = do_POST

        def _break(self, fault: Fault, body: bytes) -> None:
            if fault is Fault.CUT:
                self._forward(body, half=True)
            elif fault is Fault.UNANSWERED:
                self._forward(body)
            elif fault is Fault.HALF_ANSWERED:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-ClickHouse-Server-Display-Name: x\r\n")
            elif fault is Fault.LATE:
                answer = self._forward(body)
                time.sleep(proxy.late)
                self._answer(answer)
            elif fault is Fault.TWICE:
                self._forward(body)
                self._answer(self._forward(body))
            elif fault is Fault.BUSY:
                self._answer((503, [], b"try again"))
            elif fault is Fault.DEAD:
                threading.Timer(0.01, proxy.kill).start()
                self._forward(body)
            if fault not in (Fault.LATE, Fault.TWICE, Fault.BUSY):
                self.close_connection = True
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", "0")))
            pieces = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)

        def _forward(
            self, body: bytes, half: bool = False
        ) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection(host, port, timeout=60)
            try:
                connection.putrequest(self.command, self.path, skip_host=True)
                for name, value in self.headers.items():
                    if name not in ("Transfer-Encoding", "Content-Length"):
                        connection.putheader(name, value)
                connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body[: len(body) // 2] if half else body)
                if half:
                    return 0, [], b""
                answer = connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            finally:
                connection.close()

        def _answer(self, answer: tuple[int, list[tuple[str, str]], bytes]) -> None:
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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = Proxy(server.server_port, plan, late=late)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
