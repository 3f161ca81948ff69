"""An LRS over HTTP: its statements, page by page, through faults that pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

import urllib3
import xxhash
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from loader import __version__
from loader.errors import LoaderError
from loader.patience import PASSING_STATUS, Patience, asked_pause
from loader.pull.address import following, statements_url
from loader.pull.credentials import Credentials
from loader.pull.page import NotAPageError, Page, read_page

# Asked for in this order; whoever refuses the first is asked for the next.
VERSIONS = ("1.0.3", "2.0.0")

CONNECT_SECONDS = 10
MAX_PAGE_BYTES = 256 * 1024 * 1024
_SHOWN_OF_ANSWER = 200


@dataclass(frozen=True)
class _Failure:
    """Why a request came to nothing, and what the LRS asks us to wait."""

    what: str
    asked: float | None = None


class Lrs:
    """The statements of one LRS, as one user of it sees them."""

    def __init__(
        self,
        address: str,
        credentials: Credentials = Credentials(),  # noqa: B008  # frozen
        patience: Patience = Patience(),  # noqa: B008
        tell: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        """`tell` gets a sentence whenever we wait. Raises UsageError for what is no URL."""
        self.url = statements_url(address)
        self.account = credentials.account
        self._credentials = credentials
        self._patience = patience
        self._tell = tell
        self._versions = list(VERSIONS)
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=patience.read_timeout)
        )

    @property
    def shows_credentials(self) -> bool:
        """Whether credentials go over a network as they are, not encrypted."""
        parts = urlsplit(self.url)
        is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        return bool(self._credentials.header) and parts.scheme == "http" and not is_here

    def pages(
        self, since: datetime | None = None, until: datetime | None = None, size: int | None = None
    ) -> Iterator[Page]:
        """The statements stored after `since` and not after `until`, in the order of storing.

        `size` is how many a page may have; the LRS may give fewer. Raises LoaderError when
        it refuses, or has not answered as an LRS for as long as we wait.
        """
        query = {"ascending": "true"}
        if since:
            query["since"] = written(since)
        if until:
            query["until"] = written(until)
        if size:
            query["limit"] = str(size)
        address = f"{self.url}?{urlencode(query)}"
        followed = set()
        while True:
            page = self._page(address)
            yield page
            if not page.more:
                return
            seen = (address, xxhash.xxh3_128_digest(page.body))
            if seen in followed:
                raise LoaderError(
                    f"The LRS at {self.url} leads in a circle: the page after this one (its "
                    "`more`) is one that we have had. Report it to whoever runs the LRS."
                )
            followed.add(seen)
            address = following(self.url, page.more)

    def _page(self, address: str) -> Page:
        attempt = 0
        while True:
            attempt += 1
            answer = self._ask(address)
            if isinstance(answer, Page):
                return answer
            if not self._patience.waits(
                attempt, f"The LRS {answer.what}", self._tell, answer.asked
            ):
                times = f" {attempt} times" if attempt > 1 else ""
                minutes = self._patience.longest_asked / 60
                wish = f", and asks to wait over {minutes:.0f} minutes" if attempt == 1 else ""
                raise LoaderError(
                    f"The LRS at {self.url} {answer.what}{times}{wish}. What has landed stays; the "
                    "same command goes on from there."
                )

    def _ask(self, address: str) -> Page | _Failure:
        """One request, or two while the version is not agreed. LoaderError: no use to repeat."""
        try:
            with self._request(address) as response:
                body = _body(response)
        except SSLError as error:
            raise LoaderError(f"The LRS at {self.url} cannot be trusted: {error}.") from error
        except NameResolutionError as error:
            raise LoaderError(f"Nobody knows the host of {self.url}: check the URL.") from error
        except HTTPError as error:
            return _Failure(f"does not answer ({_reason(error)})")
        if response.status == 200:
            del self._versions[1:]
            return self._read(body, response)
        if response.status in PASSING_STATUS:
            asked = asked_pause(response.headers.get("Retry-After"))
            return _Failure(f"answers {_status(response)}", asked)
        if response.status == 400 and len(self._versions) > 1:
            del self._versions[0]
            return self._ask(address)
        raise LoaderError(self._refusal(response, body))

    def _request(self, address: str) -> BaseHTTPResponse:
        return self._pool.request(
            "GET",
            address,
            headers=self._credentials.header
            | {
                "X-Experience-API-Version": self._versions[0],
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
                "User-Agent": f"xapi-warehouse/{__version__}",
            },
            retries=False,
            redirect=False,  # it could lead the credentials elsewhere
            preload_content=False,
        )

    def _read(self, body: bytes, response: BaseHTTPResponse) -> Page | _Failure:
        version = response.headers.get("X-Experience-API-Version", "")
        if version and not version.startswith(("1.0", "2.0")):
            raise LoaderError(
                f"The LRS at {self.url} answers in version {version[:20]} of xAPI, which is "
                f"neither 1.0 nor 2.0, though it was asked for {self._versions[0]}."
            )
        try:
            return read_page(body, response.headers.get("X-Experience-API-Consistent-Through"))
        except NotAPageError as error:
            return _Failure(f"gives an answer that is no page of statements ({error})")

    def _refusal(self, response: BaseHTTPResponse, body: bytes) -> str:
        where, status = f"The LRS at {self.url}", _status(response)
        if response.status in (401, 403):
            if self._credentials.header:
                return (
                    f"{where} refuses the credentials ({status}): check LRS_USER and LRS_PASSWORD, "
                    "or LRS_TOKEN, and that they may read statements."
                )
            return (
                f"{where} wants credentials ({status}): set LRS_USER and LRS_PASSWORD, "
                "or LRS_TOKEN."
            )
        if response.status in (301, 302, 303, 307, 308):
            target = response.headers.get("Location", "")
            return f"{where} has moved ({status}) to {target.partition('?')[0]}: give that URL."
        if response.status == 404:
            return (
                f"{where} has no statements there ({status}): is the URL that of its xAPI endpoint?"
            )
        said = " ".join(body.decode(errors="replace").split())[:_SHOWN_OF_ANSWER]
        return f"{where} answers {status}: {said}" if said else f"{where} answers {status}."


def written(time: datetime) -> str:
    """A time as LRSs read it."""
    return f"{time.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _body(response: BaseHTTPResponse) -> bytes:
    """All of it. Raises HTTPError when it is cut short, LoaderError when it never ends."""
    pieces: list[bytes] = []
    size = 0
    for piece in response.stream(1024 * 1024):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_PAGE_BYTES:
            raise LoaderError(
                f"A page of the LRS has more than {MAX_PAGE_BYTES // 1024**2} MiB: "
                "ask for smaller ones with --page-size."
            )
    return b"".join(pieces)


def _status(response: BaseHTTPResponse) -> str:
    return f"{response.status} {response.reason}" if response.reason else str(response.status)


def _reason(error: HTTPError) -> str:
    if isinstance(error, NewConnectionError):
        return "nobody listens there"
    if isinstance(error, (ConnectTimeoutError, ReadTimeoutError)):
        return "it takes too long"
    return "its compression is damaged" if isinstance(error, DecodeError) else "it hung up"
