"""What the environment says of single sign-on, and which roles claims give; no server."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

# It belongs to Superset's environment, where it is found beside the configuration.
_PATH = Path(__file__).resolve().parents[2] / "superset" / "single_sign_on.py"
_SPEC = importlib.util.spec_from_file_location("single_sign_on", _PATH)
assert _SPEC
assert _SPEC.loader
module: Any = importlib.util.module_from_spec(_SPEC)
sys.modules["single_sign_on"] = module
_SPEC.loader.exec_module(module)

KEYCLOAK = {
    "SUPERSET_SSO_ISSUER": "https://id.north.example/realms/campus",
    "SUPERSET_SSO_CLIENT_ID": "superset",
    "SUPERSET_SSO_CLIENT_SECRET": "secret",
    "SUPERSET_SSO_ROLES": '{"groups": {"teachers": "instructor", "all": ["operator", "Admin"]}}',
}
LMS = KEYCLOAK | {
    "SUPERSET_SSO_PROVIDER": "openedx",
    "SUPERSET_SSO_ISSUER": "https://lms.north.example/oauth2",
    "SUPERSET_SSO_AUDIENCE": "openedx",
    "SUPERSET_SSO_KEYS": '{"keys": [{"kty": "RSA"}]}',
}


def test_it_is_off_where_nothing_is_set() -> None:
    assert module.read_single_sign_on({}) is None
    assert module.read_single_sign_on({"SUPERSET_SSO_ISSUER": ""}) is None


def test_a_provider_of_openid_is_found_by_its_issuer() -> None:
    found = module.read_single_sign_on(KEYCLOAK)
    assert found.remote_app()["server_metadata_url"] == (
        "https://id.north.example/realms/campus/.well-known/openid-configuration"
    )
    assert found.claims_options()["aud"] == {"essential": True, "value": "superset"}


def test_an_lms_has_its_addresses_below_its_issuer(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(LMS["SUPERSET_SSO_KEYS"], encoding="utf-8")
    for keys in (LMS["SUPERSET_SSO_KEYS"], str(file)):
        app = module.read_single_sign_on(LMS | {"SUPERSET_SSO_KEYS": keys}).remote_app()
        assert app["authorize_url"] == "https://lms.north.example/oauth2/authorize"
        assert app["jwks"] == {"keys": [{"kty": "RSA"}]}
    address = "https://lms.north.example/keys"
    app = module.read_single_sign_on(LMS | {"SUPERSET_SSO_KEYS": address}).remote_app()
    assert app["jwks_uri"] == address


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (KEYCLOAK | {"SUPERSET_SSO_CLIENT_SECRET": ""}, "needs SUPERSET_SSO_CLIENT_SECRET"),
        (LMS | {"SUPERSET_SSO_KEYS": ""}, "needs SUPERSET_SSO_KEYS"),
        (LMS | {"SUPERSET_SSO_KEYS": "/no/such/file"}, "KEYS is no key set"),
        (LMS | {"SUPERSET_SSO_KEYS": '{"keys": []}'}, "KEYS is no key set"),
        (KEYCLOAK | {"SUPERSET_SSO_PROVIDER": "ldap"}, "is ldap: it is openid or openedx"),
        (KEYCLOAK | {"SUPERSET_SSO_SCOPES": "profile"}, "must have openid"),
        (KEYCLOAK | {"SUPERSET_SSO_HOURS": "none"}, "write hours"),
        (KEYCLOAK | {"SUPERSET_SSO_HOURS": "nan"}, "write hours"),
        (KEYCLOAK | {"SUPERSET_SSO_ROLES": "teachers=instructor"}, "ROLES is not understood"),
        (KEYCLOAK | {"SUPERSET_SSO_ROLES": '["instructor"]'}, "ROLES is not understood"),
        (KEYCLOAK | {"SUPERSET_SSO_ROLES": '{"groups": "instructor"}'}, "ROLES is not understood"),
        (KEYCLOAK | {"SUPERSET_SSO_ROLES": '{"groups": {"a": [1]}}'}, "ROLES is not understood"),
    ],
)
def test_what_is_not_complete_is_told_in_a_sentence(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        module.read_single_sign_on(wrong)


def test_no_role_of_superset_but_admin_can_be_given() -> None:
    roles = json.dumps({"groups": {"a": ["Alpha", "Gamma", "sql_lab"], "b": "Admin"}})
    found = module.read_single_sign_on(KEYCLOAK | {"SUPERSET_SSO_ROLES": roles})
    assert found.role_names({"groups": ["a"]}) == [
        "warehouse_Alpha",
        "warehouse_Gamma",
        "warehouse_sql_lab",
    ]
    assert found.role_names({"groups": ["b"]}) == ["Admin"]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(claims=st.dictionaries(st.sampled_from(["groups", "sub", "realm_access"]), _json))
def test_whatever_the_claims_are_only_what_is_written_gives_a_role(claims: dict[str, Any]) -> None:
    roles = {"groups": {"teachers": "instructor"}, "realm_access.roles": {"staff": "operator"}}
    found = module.read_single_sign_on(KEYCLOAK | {"SUPERSET_SSO_ROLES": json.dumps(roles)})
    text = json.dumps(claims)
    names = found.role_names(claims)
    assert set(names) <= {"warehouse_instructor", "warehouse_operator"}
    assert "teachers" in text or "warehouse_instructor" not in names
    assert "staff" in text or "warehouse_operator" not in names
