"""Addresses without what opens them: no password or signature is printed or stored."""

from __future__ import annotations

import re

_USER = re.compile(r"(?<=://)[^/\s'\"]*@")
_QUERY = re.compile(r"(\w://[^\s?#'\"<>]*)[?#][^\s'\"<>)]*")


def without_secrets(text: str) -> str:
    """A text with the user, password, query and fragment of every address in it left out.

    A signature may be in any part of a query, so all of it goes.
    """
    return _QUERY.sub(r"\1", _USER.sub("", text))
