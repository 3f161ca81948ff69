"""Regular expressions (RE2) that find a person in the text of a statement, as it is spelled.

A JSON string may write any character as itself or as an escape, and an address may stand
percent-encoded in a URL, so each character of an identifier is looked for in every spelling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from loader.engine import quoted
from loader.forget.person import Identity, Kind, Person, is_hexadecimal, is_unmistakable

# What an object holds before or after a member, as long as no other object is in it.
_REST = r'(?:[^{}"]|"(?:[^"\\]|\\.)*")*'

# An address is not the end of a longer one (diana@…), nor its beginning (….org.uk). What looks
# like a letter before it may be the end of an escape, and an apostrophe the beginning of an
# item of a list, as the engine writes lists.
_BEFORE = (
    r"(^|[\[(,]'|[^0-9A-Za-z._%+'-]|\\[bfnrt]"
    r"|\\u00(?:[01][0-9a-f]|2[0-46-9acf]|3[a-f])|%[0-9a-f]{2})"
)
# A file may be named after it.
_AFTER = r"($|[^0-9A-Za-z._@+-]|\.(?:[^0-9A-Za-z]|$|jsonl?\b|ndjson\b|csv\b|parquet\b))"

# Who an agent becomes.
FORGOTTEN = "forgotten"
FORGOTTEN_AGENT = {
    "objectType": "Agent",
    "account": {"homePage": "urn:forgotten", "name": FORGOTTEN},
}


class Patterns:
    """What finds one person in a text, and takes them out of it, as SQL."""

    def __init__(self, person: Person) -> None:
        self._members = [member_pattern(identity) for identity in person.identities]
        # An agent goes as a whole, with the name that stands beside its identifier.
        self._agents = [rf"\{{{_REST}{member}{_REST}\}}" for member in self._members]
        self._words = word_pattern(person.words)
        self._broken = _either(
            [
                *(f'"{_name(name)}"' for name in person.names),
                *(f"{_BEFORE}{spelled(name)}{_AFTER}" for name in person.usernames),
            ]
        )

    def in_text(self, text: str) -> str:
        """A condition: the person is in this text."""
        # One by one: each begins with a word of its own, which the engine looks for first.
        conditions = [_matches(text, member) for member in self._members]
        if self._words:
            conditions.append(_matches(text, self._words))
        return " OR ".join(conditions) or "false"

    def in_broken_text(self, text: str) -> str:
        """A condition: the person may be in this text, which is not a whole statement."""
        return _matches(text, self._broken) if self._broken else "false"

    def taken_out(self, text: str) -> str:
        """An expression: this text without the person."""
        for pattern, instead in (
            (_either(self._agents), json.dumps(FORGOTTEN_AGENT)),
            (_either(self._members), f'"account": {json.dumps(FORGOTTEN_AGENT["account"])}'),
            # Twice: one match may end with the character before the next.
            (self._words, rf"\1{FORGOTTEN}\2"),
            (self._words, rf"\1{FORGOTTEN}\2"),
        ):
            if pattern:
                text = f"replaceRegexpAll({text}, {quoted(pattern)}, {quoted(instead)})"
        return text


def account_pattern(names: Iterable[str]) -> str:
    """A pattern for an account with one of these names; its one group is the object."""
    either = _either(_name(name) for name in names)
    return rf'"account"\s*:\s*(\{{{_REST}"name"\s*:\s*"{either}"{_REST}\}})'


def spelled(text: str) -> str:
    """A pattern for `text` in every spelling that JSON and URLs allow."""
    return "".join(_spelled(character) for character in text)


def _spelled(character: str) -> str:
    units = character.encode("utf-16-be")
    escape = "".join(rf"\\u(?i:{units[at : at + 2].hex()})" for at in range(0, len(units), 2))
    literal = re.escape(character) if character.isascii() else character
    ways = [literal, escape]
    if character in '/"\\':
        ways.append(rf"\\{literal}")
    if character in "@/:+":
        ways.append(f"%(?i:{ord(character):02x})")
    return f"(?:{'|'.join(ways)})"


def _name(name: str) -> str:
    """Names are told apart by upper and lower case, UUIDs and addresses are not."""
    return f"(?i:{spelled(name)})" if is_unmistakable(name) else spelled(name)


def member_pattern(identity: Identity) -> str:
    """A pattern for what identifies an agent: its account, its mbox, …"""
    if identity.kind is not Kind.ACCOUNT:
        return rf'"{identity.kind.value}"\s*:\s*"(?i:{spelled(identity.value)})"'
    name = rf'"name"\s*:\s*"{_name(identity.value)}"'
    home_page = rf'"homePage"\s*:\s*"{spelled(identity.home_page)}"'
    both = rf"(?:{name}{_REST}{home_page}|{home_page}{_REST}{name})"
    if not identity.home_page:
        return rf'"account"\s*:\s*\{{\s*{name}\s*\}}'
    return rf'"account"\s*:\s*\{{{_REST}{both}{_REST}\}}'


def word_pattern(words: Iterable[str]) -> str:
    """A pattern for unmistakable identifiers, wherever they stand.

    Its two groups are what stands before and after, to be written again.
    """
    hexadecimal = [spelled(word) for word in words if is_hexadecimal(word)]
    bounded = [spelled(word) for word in words if not is_hexadecimal(word)]
    if bounded:
        hexadecimal.append(f"{_BEFORE}{_either(bounded)}{_AFTER}")
    return f"(?i:{_either(hexadecimal)})" if hexadecimal else ""


def _either(patterns: Iterable[str]) -> str:
    found = list(patterns)
    return f"(?:{'|'.join(found)})" if found else ""


def _matches(text: str, pattern: str) -> str:
    return f"match({text}, {quoted(pattern)})"
