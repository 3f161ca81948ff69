"""Single sign-on of a real Superset with a real provider: who comes in, and as what."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from loader.access import read_access
from loader.superset import Superset, access_differences
from loader.superset.roles import role_names
from scripts.superset_demo import COURSE, PASSWORD
from scripts.superset_process import ENVIRONMENT, ROOT, running, variables
from tests.superset.conftest import Metadata, Served
from tests.superset.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    LMS_AUDIENCE,
    Provider,
    new_key,
    running_provider,
)
from tests.superset.visitor import Visitor

OURS = role_names(read_access())
ROLES = {
    "groups": {name: name for name in OURS} | {"owners": "Admin", "both": ["operator", "analyst"]},
    "realm_access.roles": {"teacher": "instructor"},
    "is_staff": {"true": "operator"},
}
LMS_ROLES = {"preferred_username": {"*": "instructor"}, "superuser": {"true": "Admin"}}


@pytest.fixture(scope="module")
def home(served: Served, metadata: Metadata, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the running Superset knows, for others that are started otherwise."""
    return metadata.copy_to(tmp_path_factory.mktemp("single_sign_on"))


@contextmanager
def signing_in(home: Path, provider: Provider, **variables: str) -> Iterator[str]:
    """A Superset that takes people from a provider; its address."""
    known = {
        "ISSUER": provider.issuer,
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": CLIENT_SECRET,
        "ROLES": json.dumps(ROLES),
        **variables,
    }
    with pytest.MonkeyPatch.context() as patched:
        for name, value in known.items():
            patched.setenv(f"SUPERSET_SSO_{name}", value)
        with running(home, PASSWORD) as address:
            yield address


@pytest.fixture(scope="module")
def whole_provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def address(home: Path, whole_provider: Provider) -> Iterator[str]:
    with signing_in(home, whole_provider) as url:
        yield url


@pytest.fixture
def provider(whole_provider: Provider) -> Provider:
    """The provider, honest again whatever the test before has made of it."""
    fresh = Provider(whole_provider.issuer, whole_provider.key)
    for name in ("person", "claims", "signing_key", "algorithm", "sends_id_token"):
        setattr(whole_provider, name, getattr(fresh, name))
    return whole_provider


def person(username: str, *groups: str, **more: Any) -> dict[str, Any]:
    return {"preferred_username": username, "groups": list(groups), **more}


@pytest.mark.parametrize("name", [*OURS, "owners"])
def test_a_group_gives_its_role(address: str, provider: Provider, name: str) -> None:
    provider.person = person(f"{name}@north.example", name, given_name="Maria")
    visitor = Visitor(address)
    status, text = visitor.sign_in()
    assert status == 200, text
    assert visitor.roles() == {OURS.get(name, "Admin")}
    me = visitor.parsed("/api/v1/me/")["result"]
    assert (me["username"], me["first_name"]) == (f"{name}@north.example", "Maria")


@pytest.mark.parametrize(
    ("claims", "names"),
    [
        ({"groups": ["both"]}, {"operator", "analyst"}),
        ({"groups": "instructor"}, {"instructor"}),
        ({"realm_access": {"roles": ["teacher", "offline_access"]}}, {"instructor"}),
        ({"realm_access.roles": ["teacher"]}, {"instructor"}),
        ({"is_staff": True, "groups": ["learner"]}, {"operator", "learner"}),
    ],
)
def test_claims_in_their_various_forms(
    address: str, provider: Provider, claims: dict[str, Any], names: set[str]
) -> None:
    provider.person = {"preferred_username": "forms", **claims}
    visitor = Visitor(address)
    visitor.sign_in()
    assert visitor.roles() == {OURS[name] for name in names}


def test_the_name_is_that_of_the_course_grants(address: str, provider: Provider) -> None:
    provider.person = person("instructor", "instructor")
    visitor = Visitor(address)
    visitor.sign_in()
    rows = visitor.parsed("/api/v1/dataset/?q=(page_size:200)")["result"]
    dataset = next(row["id"] for row in rows if row["table_name"] == "rpt_learner_summary")
    body = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"columns": ["course_key"], "metrics": [], "row_limit": 100}],
        "result_format": "json",
        "result_type": "full",
    }
    data = visitor.parsed("/api/v1/chart/data", body)["result"][0]["data"]
    assert {row["course_key"] for row in data} == {COURSE[1]}
    # Others are not meant by it, though to a database of names they may look alike.
    provider.person = person("Instructor", "instructor")
    other = Visitor(address)
    other.sign_in()
    assert other.parsed("/api/v1/me/")["result"]["username"] == "Instructor"
    assert other.parsed("/api/v1/chart/data", body)["result"][0]["data"] == []


def test_a_role_is_taken_away_at_the_next_login(address: str, provider: Provider) -> None:
    provider.person = person("changing", "operator", "analyst")
    first = Visitor(address)
    first.sign_in()
    assert first.roles() == {"warehouse_operator", "warehouse_analyst"}
    provider.person = person("changing", "analyst")
    Visitor(address).sign_in()
    assert first.roles() == {"warehouse_analyst"}
    provider.person = person("changing")
    status, text = Visitor(address).sign_in()
    assert status == 403
    assert "You are changing, but none of what" in text
    assert first.roles() is None


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"groups": ["students"]},
        {"groups": "admin-of-something"},
        {"groups": {"operator": True}},
        {"role": "operator"},
        {"is_staff": False},
        {"is_staff": None, "realm_access": "teacher"},
        {"groups": [["operator"]]},
    ],
)
def test_who_has_no_role_gets_nothing_and_is_told(
    address: str, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.person = {"preferred_username": "nobody", **claims}
    visitor = Visitor(address)
    status, text = visitor.sign_in()
    assert status == 403
    assert "You are nobody, but none of what" in text
    assert "ask who runs it for a role" in text
    assert visitor.roles() is None


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        ({"signing_key": new_key()}, "cannot be trusted"),
        ({"signing_key": "a secret that both might know, " * 2, "algorithm": "HS256"}, "trusted"),
        ({"algorithm": "none"}, "trusted"),
        ({"claims": {"aud": "another-client"}}, "trusted"),
        ({"claims": {"aud": ["another-client"], "azp": CLIENT_ID}}, "trusted"),
        ({"claims": {"aud": None}}, "trusted"),
        ({"claims": {"iss": "https://elsewhere.example"}}, "trusted"),
        ({"claims": {"iss": None}}, "trusted"),
        ({"claims": {"exp": 1_700_000_000}}, "trusted"),
        ({"claims": {"exp": None}}, "trusted"),
        ({"claims": {"nbf": 4_000_000_000}}, "trusted"),
        ({"claims": {"nonce": "of another login"}}, "trusted"),
        ({"claims": {"nonce": None}}, "trusted"),
        ({"sends_id_token": False}, "sent no ID token"),
        ({"claims": {"preferred_username": None}}, "does not tell your user name"),
        ({"claims": {"preferred_username": ["operator"]}}, "does not tell your user name"),
        ({"claims": {"preferred_username": " operator"}}, "does not tell your user name"),
        ({"claims": {"preferred_username": "two\nlines"}}, "does not tell your user name"),
        ({"claims": {"preferred_username": "x" * 129}}, "does not tell your user name"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_token_that_is_not_as_it_must_be_opens_nothing(
    address: str, provider: Provider, spoiled: dict[str, Any], said: str
) -> None:
    provider.person = person("victim", "operator")
    for name, value in spoiled.items():
        setattr(provider, name, value)
    visitor = Visitor(address)
    status, text = visitor.sign_in()
    assert status == 403, text
    assert said in text
    assert visitor.roles() is None


def test_another_ones_answer_of_the_provider_is_not_taken(address: str, provider: Provider) -> None:
    provider.person = person("attacker", "operator")
    asked = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "code_challenge_method": "S256",
        "code_challenge": "x",
        "redirect_uri": f"{address}/oauth-authorized/sso",
        "state": "of the attacker",
    }
    back = provider.allow(asked)
    victim = Visitor(address)
    status, text = victim.ask(back.removeprefix(address))
    assert status == 403
    assert "came to no end" in text
    assert victim.roles() is None


def test_passwords_open_nothing(address: str, served: Served) -> None:
    for user in ("admin", "analyst"):
        body = {"username": user, "password": PASSWORD, "provider": "db"}
        status, text = Visitor(address).ask("/api/v1/security/login", body)
        assert status in (400, 401), text
        assert "access_token" not in text
    # A page with a form is not there either, and a session that began with one is over.
    visitor = Visitor(address)
    status, _text = visitor.send_form("/login/", username="admin", password=PASSWORD)
    assert status == 405
    assert visitor.roles() is None


def test_a_session_that_began_with_a_password_is_over(address: str, served: Served) -> None:
    visitor = Visitor(served.server.url)
    token = re.search(
        r'name="csrf_token"\s+id="csrf_token"\s+value="([^"]+)"', visitor.ask("/login/")[1]
    )
    assert token
    visitor.send_form("/login/", username="analyst", password=PASSWORD, csrf_token=token[1])
    assert visitor.roles() == {"warehouse_analyst"}
    visitor.url = address  # the same cookie, signed with the same key
    assert visitor.roles() is None


def test_an_administrator_with_a_password_is_not_taken_over(
    address: str, provider: Provider
) -> None:
    provider.person = person("admin", "learner")
    status, text = Visitor(address).sign_in()
    assert status == 403
    assert "admin is an administrator of Superset who has a password" in text


def test_the_loader_comes_in_with_a_token(
    address: str, home: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = subprocess.run(
        [ENVIRONMENT / "python", ROOT / "superset" / "access_token.py", "admin"],
        env=variables(home, PASSWORD),
        cwd=home,
        check=True,
        capture_output=True,
        text=True,
    )
    server = Superset(address, "", "", token=done.stdout.split()[-1])
    assert access_differences(served.access, served.bundle, server) == []


def test_a_key_that_was_withdrawn_counts_no_longer(address: str, provider: Provider) -> None:
    provider.person = person("rotating", "operator")
    old = provider.key
    assert Visitor(address).sign_in()[0] == 200
    provider.key = new_key()
    assert Visitor(address).sign_in()[0] == 200
    provider.signing_key = old
    assert Visitor(address).sign_in()[0] == 403


def test_a_session_ends(home: Path, provider: Provider) -> None:
    provider.person = person("short", "operator")
    with signing_in(home, provider, HOURS="0.0005") as url:
        visitor = Visitor(url)
        visitor.sign_in()
        began = time.monotonic()
        while visitor.roles() is not None:
            assert time.monotonic() - began < 30


def test_an_lms_of_open_edx_has_tokens_without_a_nonce(home: Path, provider: Provider) -> None:
    keys = json.dumps(provider.key_set())
    lms = {"PROVIDER": "openedx", "AUDIENCE": LMS_AUDIENCE, "KEYS": keys}
    with signing_in(home, provider, ROLES=json.dumps(LMS_ROLES), **lms) as url:
        provider.person = {"preferred_username": "instructor", "superuser": False}
        visitor = Visitor(url)
        assert visitor.sign_in()[0] == 200
        assert visitor.roles() == {"warehouse_instructor"}
        provider.person |= {"superuser": True}
        visitor = Visitor(url)
        visitor.sign_in()
        assert visitor.roles() == {"warehouse_instructor", "Admin"}
        for spoiled in (
            {"signing_key": new_key()},
            {"claims": {"aud": "another"}},
            {"claims": {"exp": 1_700_000_000}},
            {"claims": {"iss": "https://elsewhere.example"}},
        ):
            for name, value in spoiled.items():
                setattr(provider, name, value)
            assert "cannot be trusted" in Visitor(url).sign_in()[1], spoiled
            provider.signing_key, provider.claims = None, {}
