"""Tokens for embedding, and what of access.yml they open; no server."""

from __future__ import annotations

import jwt
import pytest
from typer.testing import CliRunner

from loader.access import read_access
from loader.cli import app
from loader.errors import UsageError
from loader.superset import guest_token, read_bundle
from loader.superset.roles import EMBEDDED, embedded_relations, rules
from scripts.dashboards.__main__ import ASSETS

SECRET = "as long as a secret for this has to be"  # noqa: S105
COURSE = "course-v1:NorthU+STAT101+2026_T1"


def test_a_token_says_which_dashboard_and_which_course() -> None:
    token = guest_token(SECRET, "6e0d2b5c", COURSE, seconds=60)
    claims = jwt.decode(token, SECRET, ["HS256"], audience="superset")
    assert claims["resources"] == [{"type": "dashboard", "id": "6e0d2b5c"}]
    assert claims["user"]["username"] == COURSE
    assert claims["exp"] - claims["iat"] == 60


@pytest.mark.parametrize(
    ("secret", "course", "seconds", "said"),
    [
        ("short", COURSE, 60, "too short"),
        (SECRET, "", 60, "no course key"),
        (SECRET, "a\nb", 60, "no course key"),
        (SECRET, "x" * 256, 60, "no course key"),
        (SECRET, COURSE, 0, "1 to 3600 seconds"),
        (SECRET, COURSE, 3601, "1 to 3600 seconds"),
    ],
)
def test_what_cannot_be_is_told(secret: str, course: str, seconds: int, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        guest_token(secret, "6e0d2b5c", course, seconds)


def test_the_command_prints_a_token_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["superset", "guest-token", "--dashboard", "6e0d2b5c", "--course", COURSE]
    monkeypatch.delenv("SUPERSET_GUEST_TOKEN_SECRET", raising=False)
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "Set SUPERSET_GUEST_TOKEN_SECRET" in done.output
    monkeypatch.setenv("SUPERSET_GUEST_TOKEN_SECRET", SECRET)
    done = CliRunner().invoke(app, command)
    assert jwt.decode(done.output.strip(), SECRET, ["HS256"], audience="superset")
    assert SECRET not in done.output


def test_guests_have_a_rule_on_every_relation_that_is_about_a_course() -> None:
    access, bundle = read_access(), read_bundle(ASSETS)
    (rule,) = (one for one in rules(access, bundle) if one.name.endswith("rows_of_embedded"))
    read = embedded_relations(access, bundle)
    assert rule.roles == (EMBEDDED,)
    assert set(rule.relations) == {one for one in read if not access.is_same_for_all(one)}


@pytest.mark.parametrize(
    ("embedded", "said"),
    [(("no-such",), "no dashboard no-such"), (("operator",), "has no course_key")],
)
def test_what_cannot_be_embedded_is_told(embedded: tuple[str, ...], said: str) -> None:
    access = read_access().model_copy(update={"embedded": embedded})
    with pytest.raises(UsageError, match=said):
        rules(access, read_bundle(ASSETS))
