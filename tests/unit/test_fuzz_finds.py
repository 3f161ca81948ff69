"""What fuzzing found and was mended; and its targets with what hypothesis thinks of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loader.reading.inputs
from loader.xapi import Rule, violations
from tests.fuzz.targets import judge_anything, read_anything
from tests.unit.complete_statement import COMPLETE, text
from tests.unit.test_xapi_properties import JSON

BYTES = st.binary(max_size=200)
TEXTS = st.text('{}[]",:;\\\t\r\n \0xé', max_size=60).map(str.encode)
PIECES = st.sampled_from(
    [
        b'{"verb": 1}',
        b"event\tx\n",
        b'"event",x\n',
        b'{"statements": [',
        b'{"event": {',
        text(COMPLETE),
    ]
)
HOW = st.binary(min_size=2, max_size=2)


@pytest.mark.parametrize(
    "after",
    [b'"x": \xff}', b'"x": NaN}', b'"x": "\\ud800"}', b'"x', b"}}", b'"x": ' + b"[" * 300],
)
def test_what_comes_after_a_repeated_property_may_be_no_json(after: bytes) -> None:
    (violation,) = violations(b'{"id": 1, "id": 2, ' + after)
    assert (violation.path, violation.rule) == ("", Rule.JSON)


@given(HOW, BYTES | TEXTS | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_it_is_it_is_judged(how: bytes, data: bytes) -> None:
    judge_anything(how + data)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOW, st.lists(BYTES | TEXTS | PIECES, max_size=6).map(b"".join))
def test_whatever_it_is_it_is_read(tmp_path: Path, how: bytes, data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.reading.inputs, "CHUNK_BYTES", 1)  # to be put back
        read_anything(how + data, tmp_path / "x")
