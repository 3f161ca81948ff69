"""What the environment says to superset_config.py, and a sentence where that cannot be meant.

Each raises SystemExit: Superset does not start with a setting that is not what it looks like.
"""

import re
from collections.abc import Iterable, Mapping

# Scheme, host, port; `https://*.example.org` is any host there. A blank or a semicolon would begin
# another rule of the header that these go into.
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]+)?")


def required(said: Mapping[str, str], name: str, advice: str) -> str:
    """A setting without which nothing works."""
    value = said.get(name, "")
    if not value:
        raise SystemExit(f"{name} is not set: {advice}.")
    return value


def whole_number(said: Mapping[str, str], name: str, default: int) -> int:
    """A number from 1 up: caches take 0 to mean that nothing in them ever ends."""
    value = said.get(name, "").strip() or str(default)
    if not re.fullmatch("[1-9][0-9]{0,8}", value):
        raise SystemExit(f"{name} is {value}: write a whole number, from 1 up.")
    return int(value)


def language(said: Mapping[str, str], name: str, known: Iterable[str]) -> str:
    """One of the languages that there are; the first of them where nothing is said."""
    known = tuple(known)
    value = said.get(name, "").strip() or known[0]
    if value not in known:
        raise SystemExit(f"{name} is {value}: it is one of {', '.join(known)}.")
    return value


def origins(said: Mapping[str, str], name: str) -> list[str]:
    """Sites, with blanks between them."""
    values = said.get(name, "").split()
    for value in values:
        if not _ORIGIN.fullmatch(value):
            raise SystemExit(
                f"{name} has {value}: write scheme and host alone, as https://studio.example.org, "
                "and blanks between several."
            )
    return values
