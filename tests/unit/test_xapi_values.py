"""The forms of values: what is one and what is not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.xapi import Rule, violations
from loader.xapi.patterns import COMMON_LANGUAGE_TAG, is_language_tag
from tests.unit.complete_statement import COMPLETE, changed, text

# Where a value of each kind stands, the rule it is under, and such values.
VALID: dict[str, list[Any]] = {
    "object/id": [
        "https://school.example/unit/1",
        "http://school.example",
        "HTTP://SCHOOL.EXAMPLE:8080/a;b=c,d?e=f/g?#h",
        "urn:uuid:0b9a6f0a-9a5c-4a5f-8c55-3f1c0f9d2a11",
        "tag:school.example,2026:quiz",
        "block-v1:Org+Demo+1+type@video+block@abc",
        "mailto:ana@school.example",
        "http://مثال.example/فعل/خواندن",
        "http://school.example/caf%C3%A9",
        "http://[2001:db8::1]:80/a",
        "x:y",
    ],
    "id": ["0B9A6F0A-9A5C-4A5F-8C55-3F1C0F9D2A11", "00000000-0000-0000-0000-000000000000"],
    "actor/mbox": [
        "mailto:a@b",
        "mailto:first.last+tag@mail.school.example",
        "mailto:ü@ö.example",
        "mailto:o'neill_1=2!@a-b.example",
        "mailto:a%2Fb@school.example",
    ],
    "timestamp": [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.1+01:00",
        "2026-01-31T12:00:00,123456789-08:30",
        "2026-01-31t12:00:00z",
        "2026-01-31 12:00:00+00:00",  # allowed by RFC 3339, 5.6
        "2026-01-31T12:00:00",
        "2026-01-31T12:00:00+0100",
        "2026-01-31T12:00+01",
        "2026-01-31T12Z",
        "2026-01-31T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "2024-02-29T00:00:00Z",
        "2000-02-29T00:00:00Z",
        "2026-W05-6T12:00:00Z",
        "2026-031T12:00:00Z",
        "2024-366T12:00:00Z",
        "20260131T120000Z",
        "20260131T120000.5-0330",
        "2026031T1200+01",
        "2026W056T12Z",
        "2031-01-01T00:00:00-00:30",
    ],
    "result/duration": [
        "PT0S",
        "PT4H35M59.14S",
        "PT16559.14S",
        "PT1,5H",
        "P3Y1M29DT4H35M59.14S",
        "P3Y",
        "P4W",
        "P0.5D",
        "PT03M15S",
        "P1YT1S",
    ],
    "context/language": [
        "de",
        "tlh",
        "EN-us",
        "zh-Hant",
        "zh-cmn-Hans-CN",
        "es-419",
        "sl-rozaj-biske",
        "de-CH-1901",
        "hy-Latn-IT-arevela",
        "az-Arab-x-AZE-derbend",
        "x-whatever",
        "de-a-foo-b-bar",
        "en-u-ca-gregory-t-hi",
        "i-enochian",
        "sgn-BE-FR",
        "art-lojban",
    ],
    "version": ["1.0", "1.0.0", "1.0.9", "1.0.12", "1.0.0-rc1"],
    "attachments/0/contentType": [
        "text/plain",
        "application/vnd.school+json",
        "text/plain; charset=ascii",
        'multipart/mixed; boundary="a b"; x=y',
    ],
    "attachments/0/sha2": ["a" * 56, "B" * 64, "0" * 96, "f" * 128],
    "attachments/0/length": [0, 2**63],
    "result/score": [
        {},
        {"scaled": -1},
        {"scaled": 1.0},
        {"raw": 10**30},
        {"raw": -3.5, "min": -3.5},
        {"raw": 7, "max": 7.0},
        {"min": 0, "max": 1e-9},
    ],
}
INVALID: dict[tuple[str, Rule], list[Any]] = {
    ("object/id", Rule.IRI): [
        "",
        "unit/1",
        "//school.example/1",
        "school.example/unit",
        "1http://school.example",
        "ht_tp://school.example",
        "ab=c://school.example",
        "http:",
        "http://school.example/a b",
        "http://school.example/a\n",
        "http://school.example/100%",
        "http://school.example/<1>",
        "http://school.example/{id}",
        "http://school.example/a|b",
        "http://school.example/[1]",
        "http://school.example/a#b#c",
        7,
        {"id": "x:y"},
    ],
    ("id", Rule.UUID): [
        "",
        "7f4f1a523f0e4f6e9e2f5a1c9f5a7d10",
        "{7f4f1a52-3f0e-4f6e-9e2f-5a1c9f5a7d10}",
        "urn:uuid:7f4f1a52-3f0e-4f6e-9e2f-5a1c9f5a7d10",
        "7f4f1a52-3f0e-4f6e-9e2f-5a1c9f5a7d100",
        "7f4f1a52-3f0e-4f6e-9e2f-5a1c9f5a7d1g",
        "7f4f1a52-3f0e-4f6e-9e2f-5a1c9f5a7d10\n",
        7,
    ],
    ("actor/mbox", Rule.MBOX): [
        "",
        "ana@school.example",
        "mailto:",
        "mailto:ana",
        "mailto:school.example",
        "mailto:ana@",
        "mailto:@school.example",
        "mailto:a@b@c",
        "mailto:ana@school.example,bo@school.example",
        "mailto:ana@school.example?subject=x",
        "mailto:Ana <ana@school.example>",
        "mailto://ana@school.example",
        "mailto:ana#1@school.example",
        "mailto:ana%@school.example",
        "mailto:{ana}@school.example",
        "mailto:.ana@school.example",
        "mailto:ana.@school.example",
        "mailto:a..b@school.example",
        "mailto:ana@school..example",
        "mailto:ana@school.example.",
        "http://school.example",
    ],
    ("timestamp", Rule.TIMESTAMP): [
        "",
        "yesterday",
        "2026-01-31",
        "12:00:00",
        "31/01/2026 12:00",
        "1577836800",
        1577836800,
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-10T00:00:00Z",
        "2026-366T00:00:00Z",
        "2026-W54-1T00:00:00Z",
        "2026-01-31T25:00:00Z",
        "2026-01-31T24:00:01Z",
        "2026-01-31T12:60:00Z",
        "2026-01-31T12:00:61Z",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00-00",
        "2026-01-31T12:00:00-0000",
        "2026-01-31T12:00:00-00:00",
        "2026-01-31T120000Z",
        "20260131T12:00:00Z",
        "2026-01-31T12:00:00 Z",
        "2026-01-31T12:00:00Z\n",
        "٢٠٢٦-01-31T12:00:00Z",
        "26-01-31T12:00:00Z",
    ],
    ("result/duration", Rule.DURATION): [
        "",
        "P",
        "PT",
        "P1DT",
        "1H",
        "PA1H0M0S",
        "P4W1D",
        "PT1.5H30M",
        "P1H",
        "P1D2Y",
        "-PT1S",
        "P0003-06-04T12:30:05",
        "PT1S ",
        "PT٣S",
        90,
    ],
    ("context/language", Rule.LANGUAGE_TAG): [
        "",
        "a",
        "a-DE",
        "de_DE",
        "something",
        "en-",
        "de-419-DE",
        "de-1901-1901",
        "ar-a-aaa-b-bbb-a-ccc",
        "zh-a",
        "x",
        "i-martian",
        "ſr",
        5,
    ],
    ("version", Rule.VERSION): [
        "",
        "1",
        "0.9.9",
        "1.1.0",
        "1.00",
        "1.0.",
        "1.0.x",
        "2.1",
        "3.0.0",
        1.0,
    ],
    ("attachments/0/contentType", Rule.MEDIA_TYPE): ["", "text", "text/", "text/plain charset", 1],
    ("attachments/0/sha2", Rule.SHA2): ["", "a" * 63, "g" * 64, 12345],
    ("attachments/0/length", Rule.LENGTH): [-1, 1.5, "27", True],
    ("result/score/raw", Rule.NUMBER): ["5", True, [5], float("inf")],
}


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, values in VALID.items() for value in values]
)
def test_a_value_of_the_right_form(path: str, value: Any) -> None:
    assert violations(text(changed({path: value}))) == []


@pytest.mark.parametrize(
    ("path", "rule", "value"),
    [(path, rule, value) for (path, rule), values in INVALID.items() for value in values],
)
def test_a_value_of_another_form(path: str, rule: Rule, value: Any) -> None:
    # JSON has no infinity, but a number that is too large for ours.
    line = text(changed({path: value})).replace(b"Infinity", b"1e999")
    (violation,) = violations(line)
    assert violation.rule is rule
    assert violation.path == re.sub(r"/(\d+)", r"[\1]", path).replace("/", ".")


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-31T12:00:00",
        "2026-01-31T12:00Z",
        "2026-01-31T12:00:00+0100",
        "2026-01-31T12:00:00,5Z",
        "2026-031T12:00:00Z",
        "20260131T120000Z",
    ],
)
@pytest.mark.parametrize("path", ["timestamp", "stored"])
def test_times_of_2_0_are_of_rfc_3339(path: str, written: str) -> None:
    (violation,) = violations(text(changed({"version": "2.0.0", path: written})))
    assert (violation.path, violation.rule) == (path, Rule.TIMESTAMP_RFC_3339)
    assert violation.section == "IEEE 9274.1.1, 4.2.7"
    assert violations(text(changed({"version": "2.0.0", path: "2026-01-31 12:00:00.5Z"}))) == []


@given(st.from_regex(COMMON_LANGUAGE_TAG, fullmatch=True))
def test_common_language_tags_are_language_tags(tag: str) -> None:
    assert is_language_tag(tag)


def test_the_complete_statement_is_valid_in_both_versions() -> None:
    assert violations(COMPLETE) == []
    assert violations(text(COMPLETE)) == []
    assert violations(text(COMPLETE).decode()) == []
    assert violations(changed({"version": "2.0.0"})) == []
