"""A Superset server over its REST API, as one user of it may use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from loader.errors import LoaderError, UsageError
from loader.patience import PASSING_STATUS, Patience, asked_pause

PAGE_SIZE = 100
CONNECT_SECONDS = 10
PATIENCE = Patience(attempts=5)
_EXPIRED = b"Token has expired"

# What every Superset that dashboards can be brought to has.
_OF_SUPERSET_6 = (
    "security/login",
    "security/csrf_token/",
    "security/roles/",
    "security/permissions-resources/",
    "rowlevelsecurity/",
    "assets/import/",
)


class Superset:
    """One server. Every method raises LoaderError with the server's own reason when it refuses."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        token: str = "",
        patience: Patience = PATIENCE,
        tell: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        """Log in, or use the token of who has logged in.

        What only reads is asked again while the server has too much to do or fails; `tell` gets a
        sentence whenever we wait. Raises UsageError for what is no URL, LoaderError when the login
        is refused.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise UsageError(
                f"{url} is no address of a Superset: give one such as http://host:8088."
            )
        self.url = url.rstrip("/")
        self._patience = patience
        self._tell = tell
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=patience.read_timeout),
            retries=False,
        )
        self._headers: dict[str, str] = {
            "Accept": "application/json",
            "Referer": self.url,
            # A connection kept open may be closed by the server just as the next request is sent,
            # and what was sent by POST cannot be sent again.
            "Connection": "close",
        }
        self._credentials = None if token else (user, password)
        self._begin(token or self._log_in(user, password))

    def _begin(self, token: str) -> None:
        self._headers["Authorization"] = f"Bearer {token}"
        answer = self._request("GET", "security/csrf_token/")
        # This token belongs to a session, which the cookie names.
        self._headers["X-CSRFToken"] = json.loads(answer.data)["result"]
        self._headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]

    def _log_in(self, user: str, password: str) -> str:
        login = {"username": user, "password": password, "provider": "db", "refresh": False}
        answer = self.post("security/login", login)
        if not isinstance(answer, dict) or "access_token" not in answer:
            raise LoaderError(f"What answers at {self.url} is no Superset: check the address.")
        return str(answer["access_token"])

    def get(self, path: str) -> Any:
        """The answer to GET, parsed."""
        return json.loads(self._request("GET", path).data)

    def post(self, path: str, body: object) -> Any:
        """The answer to POST, parsed."""
        return json.loads(self._request("POST", path, json=body).data)

    def put(self, path: str, body: object) -> Any:
        """The answer to PUT, parsed."""
        return json.loads(self._request("PUT", path, json=body).data)

    def delete(self, path: str) -> None:
        """Remove what is there."""
        self._request("DELETE", path)

    def list(self, resource: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
        """All rows of a resource that the user may see, these columns of each, page by page."""
        page = seen = 0
        while True:
            wanted = ",".join(columns)
            query = f"(columns:!({wanted}),page:{page},page_size:{PAGE_SIZE})"
            answer = self.get(f"{resource}/?q={quote(query)}")
            yield from answer["result"]
            page += 1
            # A server may give fewer a page than it was asked for.
            seen += len(answer["result"])
            if not answer["result"] or seen >= answer["count"]:
                return

    def export(self, resource: str, ids: Sequence[int]) -> bytes:
        """A ZIP of these charts, datasets or dashboards with what they stand on."""
        chosen = quote(f"!({','.join(map(str, ids))})")
        return self._request("GET", f"{resource}/export/?q={chosen}").data

    def embedded_id(self, dashboard: int | str) -> str | None:
        """What a dashboard, by its id or slug, is embedded as; None where it is not."""
        path = f"dashboard/{quote(str(dashboard), safe='')}/embedded"
        answer = self._request("GET", path, missing=True)
        return str(json.loads(answer.data)["result"]["uuid"]) if answer.status < 400 else None

    def import_assets(self, archive: bytes, passwords: Mapping[str, str]) -> None:
        """Import a bundle. What it has is overwritten, what it does not have stays."""
        fields = {
            "bundle": ("assets.zip", archive, "application/zip"),
            "passwords": json.dumps(passwords),
        }
        self._request("POST", "assets/import/", fields=fields)

    def _request(
        self, method: str, path: str, missing: bool = False, **content: Any
    ) -> BaseHTTPResponse:
        """The answer; `missing` allows that there is none, and the answer is 404."""
        address = f"{self.url}/api/v1/{path}"
        answer = self._answer(method, address, content)
        if answer.status == 401 and self._credentials and _EXPIRED in answer.data:
            # A login holds for a quarter of an hour, and a slow server may take longer.
            credentials, self._credentials = self._credentials, None
            del self._headers["Authorization"]
            self._begin(self._log_in(*credentials))
            self._credentials = credentials
            return self._request(method, path, missing, **content)
        if missing and answer.status == 404:
            return answer
        if answer.status >= 300 or "json" not in answer.headers.get("Content-Type", "json"):
            if answer.status < 300 and path.partition("?")[0].endswith("export/"):
                return answer
            raise LoaderError(self._refusal(method, path, answer))
        return answer

    def _answer(self, method: str, address: str, content: Mapping[str, Any]) -> BaseHTTPResponse:
        """The answer, whatever it is; what only reads is asked again while that may help."""
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = self._pool.request(method, address, headers=self._headers, **content)
            except HTTPError as error:
                raise LoaderError(
                    f"No Superset answers at {self.url}: check the address ({_in_short(error)})."
                ) from error
            # What was sent may have been done.
            if method != "GET" or answer.status not in PASSING_STATUS:
                return answer
            what = f"Superset answers {answer.status}"
            asked = asked_pause(answer.headers.get("Retry-After"))
            if not self._patience.waits(attempt, what, self._tell, asked):
                return answer

    def _refusal(self, method: str, path: str, answer: BaseHTTPResponse) -> str:
        what = f"{method} /api/v1/{path.partition('?')[0]}"
        moved = answer.headers.get("Location", "")
        if 300 <= answer.status < 400 and moved:
            return (
                f"{self.url} sends one on to {moved.partition('/api/v1/')[0]}: "
                "give the address where Superset itself is."
            )
        if answer.status == 401:
            return (
                f"Superset at {self.url} refuses the login: check SUPERSET_USER and "
                f"SUPERSET_PASSWORD, or get a new SUPERSET_TOKEN ({reason(answer.data)})."
            )
        if answer.status == 403:
            return (
                f"Superset at {self.url} does not allow {what}: the user needs the role Admin "
                f"({reason(answer.data)})."
            )
        if answer.status == 404 and path.partition("?")[0] in _OF_SUPERSET_6:
            return (
                f"Superset at {self.url} has no {what}: Superset 6 is needed, and the address "
                f"ends before /api ({reason(answer.data)})."
            )
        # An import that fails keeps its reason to itself.
        where = "; its log says why" if "unknown reason" in reason(answer.data) else ""
        said = f"{reason(answer.data)}{where}"
        return f"Superset at {self.url} answers {answer.status} to {what}: {said}."


def _in_short(error: HTTPError) -> str:
    """What is wrong with the connection, without the names of Python's objects."""
    text = str(getattr(error, "reason", None) or error)
    return text.rpartition(": ")[2].rpartition("] ")[2].rstrip(".)")


def reason(body: bytes) -> str:
    """What the server says is wrong, of its several ways to say it."""
    try:
        content = json.loads(body)
    except ValueError:
        return " ".join(body.decode(errors="replace").split())[:200] or "no reason given"
    if not isinstance(content, dict):
        return str(content)[:500]
    parts = []
    for error in content.get("errors") or [content]:
        message = error.get("message") or error.get("msg") or error
        extra = {
            name: one for name, one in (error.get("extra") or {}).items() if name != "issue_codes"
        }
        parts.append(f"{message} {json.dumps(extra)}" if extra else str(message))
    return "; ".join(parts).rstrip(".")
