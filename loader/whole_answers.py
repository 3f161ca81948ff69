"""Answers of a server that have come to their end.

Python's HTTP client takes a connection that is closed within the head of an answer for the end
of the head, and then the answer for an empty one: an insert that never was would look well done.
"""

from __future__ import annotations

from typing import Any
from urllib.request import getproxies

from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import ProtocolError

# Who sends neither does not say where the answer ends (RFC 9112, 6.3).
_ENDS = ("Transfer-Encoding", "Content-Length")


class WholeAnswers(PoolManager):
    """A pool of connections that raises ProtocolError where it cannot know an answer is whole."""

    def urlopen(  # type: ignore[override]
        self, method: str, url: str, redirect: bool = True, **options: Any
    ) -> BaseHTTPResponse:
        answer = super().urlopen(method, url, redirect, **options)
        if not any(name in answer.headers for name in _ENDS):
            answer.close()
            raise ProtocolError("Connection closed within the head of an answer")
        return answer


def pool_of_connections() -> PoolManager | None:
    """One for a client of ClickHouse; None where the environment names a proxy to go through."""
    from clickhouse_connect.driver.httputil import get_pool_manager_options

    if {"http", "https"} & getproxies().keys():
        return None  # the library makes one for the proxy, which sends whole heads
    return WholeAnswers(**get_pool_manager_options())
