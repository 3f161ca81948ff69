"""Members of statements that parsers and checks may not agree on."""

from __future__ import annotations

from typing import Any

ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

# What parsers may disagree on, as it is written in a statement's `context`.
ODD_VALUES = [
    *(b"0", b"-0", b"01", b"-", b"1.", b".5", b"+1", b"1e", b"1e5", b"1E+05", b"1e999", b"-1e-999"),
    *(b"1" * 4300, b"1" * 4301, b"-" + b"1" * 4301, b"1." + b"1" * 5000, b"[" + b"2" * 5000 + b"]"),
    *(b"NaN", b"Infinity", b"-Infinity", b"nan", b"nul", b"null", b"nulll", b"true", b"True"),
    *(b'"\\u0000"', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83d\\ude00"', b'"\\u12"', b'"\\x"'),
    *(b'"\x00"', b'"\t"', b'"\x7f"', b'"\xff"', b'"\xc3\xa9"', b'"\xed\xa0\x80"', b'"\xc0\xaf"'),
    *(b'"\xf4\x90\x80\x80"', b'{"\xff": 1}', b'{"a": 1, "a": 2}', b'{"a" 1}', b'{"a": 1,}'),
    *(b'"\\ud83d\\u0041"', b'"\\ud83dx"', b'"\\ud83d\\n"', b'"\\ud83d\\ud83d"', b'"\\ud83d"'),
    *(
        b'"\xe0\x80\xaf"',
        b'"\xe0\x9f\xbf"',
        b'"\xe0\xa0\x80"',
        b'"\xed\x9f\xbf"',
        b'"\xee\x80\x80"',
    ),
    *(b'"\xf0\x8f\xbf\xbf"', b'"\xf0\x90\x80\x80"', b'"\xf4\x8f\xbf\xbf"', b'"\xf5\x80\x80\x80"'),
    *(
        b'"\xee\x80\x80"',
        b'"\xe1\x80"',
        b'"\xf1\x80\x80"',
        b'"\xc3"',
        b'"\xc1\xbf"',
        b'"\xf8\x88\x80\x80\x80"',
    ),
    *(b"1e99", b"1e-99", b"1e100", b"-0.0e0", b"00", b"-01", b"1.0.0", b"1" * 32, b"1" * 33),
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
