"""A person is found in a text however JSON spells them, and nobody else is.

The patterns are tried with Python's `re`, which reads them as the engine's RE2 does.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.forget.patterns import account_pattern, member_pattern, word_pattern
from loader.forget.person import Identity, Kind, identities_of, is_unmistakable, words_of

NAME = st.text(min_size=1, max_size=12).filter(lambda name: not set(name) & set("\n\r\t\b\f"))
HOME = "https://lms.example/a"
ADDRESS = "ana@example.org"
UUID = "5509c57e-4e7b-4119-8dd9-8633f6595fa2"


def spellings(value: Any) -> list[str]:
    """A value as different programs write it as JSON."""
    plain = json.dumps(value, ensure_ascii=False)
    return [
        plain,
        json.dumps(value),
        json.dumps(value, indent=1),
        plain.replace("/", "\\/"),
        json.dumps(value).replace("\\u00e", "\\u00E"),
    ]


def account(name: str, home_page: str = HOME) -> dict[str, Any]:
    return {"account": {"homePage": home_page, "name": name}}


@given(NAME, NAME)
def test_an_account_is_found_however_it_is_spelled(name: str, other: str) -> None:
    pattern = member_pattern(Identity(Kind.ACCOUNT, name, HOME))
    swapped = {"account": {"name": name, "x": 1, "homePage": HOME}}
    for found in (account(name), swapped, {"actor": [swapped], "name": "{"}):
        for spelled in spellings(found):
            assert re.search(pattern, spelled)
            assert re.search(account_pattern([name]), spelled)
    for missing in (account(name + "x"), account("x" + name), account(name, f"{HOME}/b")):
        for spelled in spellings(missing):
            assert not re.search(pattern, spelled)
    if name.lower() != other.lower():
        assert not any(re.search(pattern, spelled) for spelled in spellings(account(other)))


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.org",
        "Ana@Example.ORG",
        "mailto:ana@example.org",
        "Write to ana@example.org.",
        "<ana@example.org>",
        "a\nana@example.org\tb",
        "https://x.example/?who=ana@example.org&page=2",
        "https://x.example/?who=ana%40example.org",
        "mailto%3Aana%40example.org",
        "exports/ana@example.org.jsonl.gz",
    ],
)
def test_an_address_is_found_wherever_it_stands(text: str) -> None:
    pattern = word_pattern([ADDRESS])
    for spelled in (text, *spellings(text), json.dumps(text).replace("<", "\\u003c")):
        assert re.search(pattern, spelled), spelled


@pytest.mark.parametrize(
    "text",
    [
        "diana@example.org",
        "ana@example.org.uk",
        "ana@example.orgs",
        "ana@example-org",
        "x.ana@example.org",
        "x-ana@example.org",
        "x+ana@example.org",
        "ana",
        "ana at example.org",
    ],
)
def test_another_address_is_not(text: str) -> None:
    for spelled in (text, *spellings({"mbox": f"mailto:{text}"})):
        assert not re.search(word_pattern([ADDRESS]), spelled)


def test_several_in_a_row_are_all_replaced_in_two_rounds() -> None:
    text = " ".join([ADDRESS] * 5)
    for _ in range(2):
        text = re.sub(word_pattern([ADDRESS]), r"\1x\2", text)
    assert text == "x x x x x"


def test_a_uuid_is_found_inside_of_words() -> None:
    for text in (f"profile_{UUID}.png", f"\n{UUID.upper()}", f"/{UUID}/"):
        for spelled in spellings(text):
            assert re.search(word_pattern([UUID]), spelled)


@pytest.mark.parametrize("value", ["1042", "ana", "learner-of-2026", "registered", "Ana Lopez"])
def test_what_may_mean_something_else_is_no_word(value: str) -> None:
    assert not is_unmistakable(value)
    assert words_of([Identity(Kind.ACCOUNT, value, HOME)], others=[]) == ()


def test_what_names_someone_else_too_is_no_word() -> None:
    here, there = (Identity(Kind.ACCOUNT, UUID, home) for home in (HOME, f"{HOME}/b"))
    assert words_of([here], others=[]) == (UUID,)
    assert words_of([here], others=[there]) == ()


def test_what_an_identifier_may_be() -> None:
    def kinds(actor: str) -> list[str]:
        return [one.kind.value for one in identities_of(actor)]

    assert kinds(ADDRESS) == kinds(f"mailto:{ADDRESS}") == ["mbox", "mbox_sha1sum", "mbox_sha1sum"]
    assert kinds("0" * 40) == ["mbox_sha1sum"]
    assert kinds("https://id.example/ana") == ["openid"]
    assert kinds("1042") == []
