"""Who is to be forgotten: the identifiers of one person, as statements and profiles have them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

_HEXADECIMAL = re.compile(r"[0-9a-fA-F-]{32,}")


class Kind(str, Enum):
    """How a statement identifies an agent (xAPI 1.0.3 part 2, 2.4.2.3)."""

    ACCOUNT = "account"
    MBOX = "mbox"
    MBOX_SHA1SUM = "mbox_sha1sum"
    OPENID = "openid"


@dataclass(frozen=True, order=True)
class Identity:
    """A learner: what tables have as `actor_id` and `actor_home_page`."""

    kind: Kind
    value: str
    home_page: str = ""

    def __str__(self) -> str:
        return f"{self.value} at {self.home_page}" if self.home_page else self.value


@dataclass(frozen=True)
class Person:
    """One person: the learners they are, their profiles, and what names them in any text.

    `words` are the identifiers that cannot mean anything else, wherever they stand.
    """

    identities: tuple[Identity, ...]
    user_ids: tuple[int, ...] = ()
    names: tuple[str, ...] = ()  # of accounts
    usernames: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def is_hexadecimal(value: str) -> bool:
    """Whether this is a UUID, a SHA-1 or the like."""
    return _HEXADECIMAL.fullmatch(value) is not None


def is_address(value: str) -> bool:
    """Whether this is an e-mail address, with or without mailto:."""
    return re.fullmatch(r"(?i:mailto:)?[^@\s:/]+@[^@\s:/]+", value) is not None


def without_scheme(address: str) -> str:
    """An address without mailto:."""
    return re.sub("^mailto:", "", address, flags=re.IGNORECASE)


def is_unmistakable(value: str) -> bool:
    """Whether a text that has this can mean nobody else.

    Account names are often short numbers or words, which stand in many texts.
    """
    return is_hexadecimal(value) or is_address(value) or "://" in value


def identities_of_address(address: str) -> list[Identity]:
    """An e-mail address and its SHA-1 sums, of mailto:… and, as Open edX has it, without."""
    bare = without_scheme(address)
    hashed = {f"{scheme}{text}" for scheme in ("mailto:", "") for text in (bare, bare.lower())}
    sums = sorted(hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest() for one in hashed)
    return [
        Identity(Kind.MBOX, f"mailto:{bare.lower()}"),
        *(Identity(Kind.MBOX_SHA1SUM, one) for one in sums),
    ]


def identities_of(actor: str) -> list[Identity]:
    """What an identifier may be besides the name of an account."""
    if is_address(actor):
        return identities_of_address(actor)
    if re.fullmatch(r"[0-9a-fA-F]{40}", actor):
        return [Identity(Kind.MBOX_SHA1SUM, actor.lower())]
    if "://" in actor:
        return [Identity(Kind.OPENID, actor)]
    return []


def words_of(identities: Iterable[Identity], others: Iterable[Identity]) -> tuple[str, ...]:
    """The values that name these identities, and none of the others, in any text."""
    taken = {without_scheme(other.value).lower() for other in others}
    values = {without_scheme(identity.value).lower() for identity in identities}
    return tuple(sorted(one for one in values - taken if is_unmistakable(one)))
