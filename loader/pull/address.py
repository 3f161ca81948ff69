"""Where the statements of an LRS are, as users write it."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from loader.errors import UsageError

RESOURCE = "statements"


def statements_url(address: str) -> str:
    """The URL of an LRS's statements: that of its endpoint with `statements` after it.

    Raises UsageError for what is no such URL, and for one that holds credentials: it
    would be seen in the list of processes and in the history of the shell.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            "This is no URL of an LRS: it looks like https://lrs.example.org/xapi, "
            "the endpoint without `statements`."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(
            "The URL must hold no credentials and nothing after a question mark: everybody on "
            "this machine can see it. Put credentials into LRS_USER and LRS_PASSWORD, or LRS_TOKEN."
        )
    path = parts.path.rstrip("/")
    if path.rpartition("/")[2] != RESOURCE:
        path = f"{path}/{RESOURCE}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return urlunsplit((parts.scheme, f"{host}:{port}" if port else host, path, "", ""))


def following(url: str, more: str) -> str:
    """The URL of the next page, on the server of `url`.

    `more` has no scheme, host and port of its own (xAPI 1.0.3 part 3, 2.1.3 "Statement
    result"). Where it has nevertheless, they are passed over: credentials go to the server
    that the user named, and to no other.
    """
    here, there = urlsplit(url), urlsplit(urljoin(url, more))
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))
