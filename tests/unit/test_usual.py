"""Many statements examined at once: never another verdict than one by one."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.envelope import examine
from loader.generate import GeneratorOptions, generate
from loader.nesting import deeply_nested
from loader.usual import examine_usual
from tests.statements import statement, text

LARGE = 10**9
ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

# What parsers may disagree on, as it is written in a statement's `context`.
ODD_VALUES = [
    *(b"0", b"-0", b"01", b"-", b"1.", b".5", b"+1", b"1e", b"1e5", b"1E+05", b"1e999", b"-1e-999"),
    *(b"1" * 4300, b"1" * 4301, b"-" + b"1" * 4301, b"1." + b"1" * 5000, b"[" + b"2" * 5000 + b"]"),
    *(b"NaN", b"Infinity", b"-Infinity", b"nan", b"nul", b"null", b"nulll", b"true", b"True"),
    *(b'"\\u0000"', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83d\\ude00"', b'"\\u12"', b'"\\x"'),
    *(b'"\x00"', b'"\t"', b'"\x7f"', b'"\xff"', b'"\xc3\xa9"', b'"\xed\xa0\x80"', b'"\xc0\xaf"'),
    *(b'"\xf4\x90\x80\x80"', b'{"\xff": 1}', b'{"a": 1, "a": 2}', b'{"a" 1}', b'{"a": 1,}'),
    *(b"[1,]", b"[,1]", b"[1 2]", b"[", b"]", b"{", b"}", b"[]", b"{}", b"{1: 2}", b"{,}", b"'a'"),
    *(b"[" * depth + b"]" * depth for depth in (99, 198, 199, 200, 201, 1500)),
    *(b'{"a":' * depth + b"1" + b"}" * depth for depth in (99, 198, 199, 200, 201, 1500)),
    *(b"[{}," * 150 + b"1" + b"]" * 150, b"[" + b"{}," * 300 + b"1]", b"/* */ 1", b"1 // x"),
]
ODD_IDS: list[Any] = [
    *(ID, ID.upper(), ID.replace("-", ""), ID[:-1], ID + " ", " " * 36, ID[:-1] + "g", 1, None),
    *(ID[:-2] + "\t8", ID[:7] + ID[8:12] + "0" + ID[12:], "é" * 36, "６" + ID[1:], "", "-" * 36),
    *(ID.replace("c04", "-04"), " " + ID[1:], ID[:34] + "  "),
]
MAILBOX = {"mbox": "mailto:a@b"}
ACCOUNT = {"homePage": "x", "name": "n"}
ODD_ACCOUNTS: list[Any] = [ACCOUNT | {"z": 1}, {}, {"name": "n"}, {"homePage": "x"}, "x"]
ODD_ACTORS: list[Any] = [
    *({"mbox": one} for one in ("mailto:a@b", "x:y", "a@b", "mailto:", "mailto:a b", "", 1, None)),
    *({"mbox_sha1sum": one} for one in ("a" * 40, "A" * 40, "a" * 39, "g" * 40, None)),
    *({"openid": one} for one in ("https://me.example", "me", "x: y", "x:\u2003", 1)),
    *({"account": one} for one in ODD_ACCOUNTS),
    *({"account": ACCOUNT | one} for one in ({"name": ""}, {"homePage": ""}, {"name": None})),
    *(MAILBOX | {"openid": "x:y"}, MAILBOX | {"account": ACCOUNT}, MAILBOX | {"account": None}),
    *(MAILBOX | {"objectType": 5}, {"objectType": "Group"}, {"member": [MAILBOX]}, {}, "me", []),
]
ODD_VERBS: list[Any] = [
    *({"id": one} for one in ("x:y", "x:", "1:y", "x y:z", "é:y", "x:é", "", None, 1)),
    *({}, "x:y", {"id": "x:y", "display": 5}),
]
KINDS = ("Activity", "GroupActivity", "activity", "StatementRef", "Agent", "SubStatement", 1, None)
ODD_OBJECTS: list[Any] = [
    *({"id": one} for one in ("x", "", None, 1, "\x00")),
    *({"id": "x", "objectType": one} for one in KINDS),
    *({"id": ID, "objectType": "StatementRef"}, MAILBOX | {"objectType": "Agent"}, {}),
]
ENDS = (
    "Z",
    "z",
    "",
    ".1Z",
    ",5Z",
    ".1234567Z",
    ".9999999+00:00",
    "-00:00",
    "+0530",
    "+05",
    "+25:00",
)
ODD_TIMES: list[Any] = [
    *(f"2026-03-01T10:00:00{one}" for one in ENDS),
    *("2026-03-01 10:00:00Z", "2026-03-01t10:00Z", "2026-03-01T10:00:60Z", "2026-02-30T10:00:00Z"),
    *("2026-03-01", "1577836800", 5, None, "", "0000-01-01T00:00:00Z", "1899-12-31T23:59:59Z"),
    *("2300-01-01T00:00:00Z", "2299-12-31T23:59:59.9999999Z", "９026-03-01T10:00:00Z"),
    *("2026-03-01T24:00:00Z", "2026-03-01T10:00:00\n"),
]
ODD_MEMBERS = {
    "id": ODD_IDS,
    "actor": ODD_ACTORS,
    "verb": ODD_VERBS,
    "object": ODD_OBJECTS,
    "timestamp": ODD_TIMES,
}


def agrees(texts: list[bytes]) -> None:
    """What is taken at once is what is taken one by one, in the same order."""
    found = examine_usual(texts, LARGE)
    assert found.others == sorted(set(found.others))
    others = set(found.others)
    taken = [one for number, one in enumerate(texts) if number not in others]
    verdicts = [examine(one) for one in taken]
    assert [uuid.UUID(identifier).bytes for identifier, _ in verdicts] == [
        found.ids[at : at + 16] for at in range(0, len(found.ids), 16)
    ]
    assert [time for _, time in verdicts] == found.times


@pytest.mark.parametrize("value", ODD_VALUES)
def test_odd_values_get_the_verdict_they_get_alone(value: bytes) -> None:
    whole = text(statement(1))
    odd = whole[:-1] + b', "context": ' + value + b"}"
    agrees([odd])
    agrees([whole, odd, whole])
    agrees([odd[:at] + odd[at + 1 :] for at in range(0, min(len(odd), 400), 7)])


@pytest.mark.parametrize("member", ODD_MEMBERS)
def test_odd_members_get_the_verdict_they_get_alone(member: str) -> None:
    every = [
        text(statement(number, **{member: value}))
        for number, value in enumerate(ODD_MEMBERS[member])
    ]
    agrees(every)
    for one in every:
        agrees([one])
    again = [
        b'{"%s": %s, ' % (member.encode(), json.dumps(value).encode())
        for value in ODD_MEMBERS[member]
    ]
    agrees([start + text(statement(1))[1:] for start in again])


def test_a_member_whose_name_is_written_with_escapes_is_that_member() -> None:
    line = text(statement(1)).replace(b'"id": "000', b'"\\u0069d": "000')
    assert examine_usual([line], LARGE).others == []
    agrees([line])


ODD_BYTES = b'{}[]":,\\u0d8eE+-.1naft \t\r\x00\x1f\x7f\x80\xc3\xff'


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A statement, of which some bytes are replaced, left out or put in."""
    members = draw(
        st.fixed_dictionaries(
            {}, optional={name: st.sampled_from(values) for name, values in ODD_MEMBERS.items()}
        )
    )
    line = bytearray(text(statement(draw(st.integers(0, 9)), **members)))
    if draw(st.booleans()):
        line[-1:] = b', "x": ' + draw(st.sampled_from(ODD_VALUES)) + b"}"
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(line) - 1))
        line[at : at + draw(st.integers(0, 2))] = draw(
            st.binary(max_size=2) | st.sampled_from([bytes([one]) for one in ODD_BYTES])
        )
    return bytes(line)


@settings(max_examples=300, deadline=None)  # numpy is imported by the first
@given(st.lists(mutated(), max_size=8))
def test_no_text_gets_another_verdict_than_alone(texts: list[bytes]) -> None:
    agrees(texts)


def test_what_is_too_large_is_left_to_others() -> None:
    line = text(statement(1))
    assert examine_usual([line, line + b" "], len(line)).others == [1]
    assert examine_usual([line], 0).others == [0]


def test_nothing_is_unusual_in_what_platforms_send(tmp_path: Path) -> None:
    generate(tmp_path, GeneratorOptions(statements=2_000))
    texts = (tmp_path / "statements.jsonl").read_bytes().splitlines()
    assert examine_usual(texts, LARGE).others == []
    agrees(texts)


BRACKETS = st.text("[]{}x\u00e9", max_size=300).map(str.encode)


@settings(deadline=None)
@given(st.lists(BRACKETS | st.just(b"[" * 500), max_size=30), st.integers(0, 60))
def test_no_deeply_nested_text_is_overlooked(texts: list[bytes], levels: int) -> None:
    opened = [len(re.findall(rb"[{\[]", one)) for one in texts]
    assert deeply_nested(texts, levels) == [at for at, count in enumerate(opened) if count > levels]
