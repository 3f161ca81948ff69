"""Whatever comes is judged, and nothing that is judged is changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loader.envelope import Reason, Rejection, examine
from loader.xapi import Statement, violations
from tests.unit.complete_statement import COMPLETE, REMOVED, SUB_STATEMENT, changed, text

NAMES = st.sampled_from(
    ["id", "objectType", "actor", "object", "member", "mbox", "|Agent", "[key]"]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["Agent", "Group", "SubStatement", "x:y", "mailto:a@b"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(), inner, max_size=4)
    ),
    max_leaves=15,
)


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Every place in a statement, as `changed` names them."""
    inner: Any = ()
    if isinstance(value, dict):
        inner = [(key, one) for key, one in value.items() if "/" not in key]
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, one in inner:
        yield f"{path}{key}"
        yield from paths(one, f"{path}{key}/")


WITH_SUB_STATEMENT = changed({"object": SUB_STATEMENT, "context": {}})
PLACES = [(of, path) for of in (COMPLETE, WITH_SUB_STATEMENT) for path in paths(of)]
CHANGED = st.builds(
    lambda place, value: changed({place[1]: value}, of=place[0]),
    st.sampled_from(PLACES),
    JSON | st.just(REMOVED),
)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_judged(line: bytes) -> None:
    for violation in violations(line):
        assert str(violation)


@given(JSON | CHANGED)
def test_any_json_is_judged_alike_as_text_and_as_value(value: Any) -> None:
    of_text = violations(text(value))
    if isinstance(value, dict):
        assert violations(value) == of_text
    assert not of_text or all(violation.section for violation in of_text)


@given(JSON.filter(lambda value: isinstance(value, dict)) | CHANGED)
def test_what_is_judged_stays_as_it_is(value: dict[str, Any]) -> None:
    before = json.dumps(value)
    violations(value)
    assert json.dumps(value) == before


@given(CHANGED)
def test_a_model_gives_back_the_statement_as_it_came(value: dict[str, Any]) -> None:
    if not violations(value):
        kept = Statement.model_validate_json(text(value)).model_dump(exclude_unset=True)
        assert json.dumps(kept, sort_keys=True) == json.dumps(value, sort_keys=True)


@given(CHANGED)
def test_what_is_valid_lands_but_for_limits_that_the_documentation_names(
    value: dict[str, Any],
) -> None:
    line = text(value)
    if not violations(line):
        refusal = refusal_of(line)
        assert (
            refusal is None
            or "account.name" in refusal.detail
            or (refusal.reason is Reason.INVALID_TIMESTAMP)
        )


def refusal_of(line: bytes) -> Rejection | None:
    try:
        examine(line)
    except Rejection as verdict:
        return verdict
    return None


@given(st.sampled_from([path for of, path in PLACES if of is COMPLETE]), JSON)
def test_what_is_wrong_is_where_the_change_is(path: str, value: Any) -> None:
    """Or above it, where the change does not go with what is beside."""
    place = path.replace("/", ".")
    for violation in violations(changed({path: value})):
        found = violation.path.replace("[", ".").replace("]", "").replace('"', "")
        top = place.split(".")[0]
        assert found.startswith(top) or top in ("object", "verb", "version")
