"""A browser without pictures: it follows redirects and keeps cookies."""

from __future__ import annotations

import json
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

TIMEOUT_SECONDS = 60


class Visitor:
    """Somebody at one Superset, with the headers that every request of theirs has."""

    def __init__(self, url: str, **headers: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self._headers = {"Accept": "application/json", **headers}
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def ask(self, path: str, body: object = None) -> tuple[int, str]:
        """Status and text of the answer to GET, or to POST of a body as JSON."""
        if body is None:
            return self._open(path)
        return self._open(path, json.dumps(body), "application/json")

    def send_form(self, path: str, **fields: str) -> tuple[int, str]:
        """Status and text of the answer to POST of a form."""
        return self._open(path, urlencode(fields), "application/x-www-form-urlencoded")

    def _open(self, path: str, body: str | None = None, kind: str = "") -> tuple[int, str]:
        headers = self._headers | ({"Content-Type": kind} if kind else {})
        data = None if body is None else body.encode()
        request = Request(f"{self.url}{path}", data, headers)  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def parsed(self, path: str, body: object = None) -> Any:
        """The answer, which must be there, parsed."""
        status, text = self.ask(path, body)
        assert status == 200, f"{status} {text[:500]}"
        return json.loads(text)

    def sign_in(self) -> tuple[int, str]:
        """Go to the provider and come back: where that ends."""
        return self.ask("/login/sso")

    def roles(self) -> set[str] | None:
        """The names of one's own roles; None where nobody is logged in."""
        status, text = self.ask("/api/v1/me/roles/")
        return set(json.loads(text)["result"]["roles"]) if status == 200 else None
