"""Single sign-on, as the environment describes it: the provider, and which claims give which roles.

Off where SUPERSET_SSO_ISSUER is not set; docs/superset.md has the variables. Nothing of Superset is
imported here: sign_in.py does the signing in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The name of the provider in the address that it sends people back to: /oauth-authorized/sso.
PROVIDER = "sso"
# Signatures whose key is public. What a shared secret signs, Superset itself could have signed.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519", "EdDSA"),
)
OPENID = "openid"
OPEN_EDX = "openedx"
# Superset's own role of those who may change everything. All others are those of access.yml.
ADMIN = "Admin"
PREFIX = "warehouse_"
ANY_VALUE = "*"
TIMEOUT_SECONDS = 10
LONGEST_NAME = 128

Claims = Mapping[str, Any]


class RefusedError(Exception):
    """Somebody cannot come in; the message says why, in a sentence for them."""


@dataclass(frozen=True)
class Person:
    """Who somebody is, as the claims tell it."""

    username: str
    first_name: str
    last_name: str


@dataclass(frozen=True)
class SingleSignOn:
    """One provider. `roles` has, by claim and by value of it, the roles that it gives."""

    kind: str
    issuer: str
    client_id: str
    client_secret: str
    roles: Mapping[str, Mapping[str, tuple[str, ...]]]
    username_claim: str
    scopes: str
    audience: str
    keys: str
    hours: float

    def remote_app(self) -> dict[str, Any]:
        """What authlib needs to know of the provider."""
        app = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "client_kwargs": {
                "scope": self.scopes,
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_SECONDS,
            },
        }
        if self.kind == OPENID:
            discovery = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            return app | {"server_metadata_url": discovery}
        place = self.issuer.rstrip("/")
        keys = {"jwks_uri": self.keys} if "://" in self.keys else {"jwks": json.loads(self.keys)}
        app |= keys
        return app | {
            "authorize_url": f"{place}/authorize",
            "access_token_url": f"{place}/access_token",
            # Else the token says nothing, or is signed with a secret of the LMS.
            "access_token_params": {"token_type": "jwt", "asymmetric_jwt": "true"},
        }

    def claims_options(self) -> dict[str, dict[str, Any]]:
        """What a token must say of itself."""
        return {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.audience},
            "exp": {"essential": True},
        }

    def role_names(self, claims: Claims) -> list[str]:
        """Superset's names of the roles that the claims give; empty where they give none."""
        found = set()
        for claim, by_value in self.roles.items():
            for value in values(claims, claim):
                found.update(by_value.get(value, ()), by_value.get(ANY_VALUE, ()))
        return sorted(name if name == ADMIN else f"{PREFIX}{name}" for name in found)

    def person(self, claims: Claims) -> Person:
        """Who signs in. Raises RefusedError where the claims have no name that can be used."""
        username = claims.get(self.username_claim)
        if (
            not isinstance(username, str)
            or not 0 < len(username) <= LONGEST_NAME
            or not username.isprintable()
            or username != username.strip()
        ):
            raise RefusedError(
                f"{self.issuer} does not tell your user name: its claim {self.username_claim} is "
                "missing or is no name."
            )
        return Person(
            username=username,
            first_name=str(claims.get("given_name") or username)[:64],
            last_name=str(claims.get("family_name") or "")[:64],
        )


def values(claims: Claims, path: str) -> Iterator[str]:
    """The values of a claim as texts; `a.b` is also the member b of the claim a.

    Of a truth value only `true` is one: who is not staff has no value of `is_staff`.
    """
    found: Any = claims
    for name in [path] if path in claims else path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    for value in found if isinstance(found, list) else [found]:
        if value is True:
            yield "true"
        elif isinstance(value, str | int) and value not in ("", False):
            yield str(value)


def read_single_sign_on(environment: Mapping[str, str]) -> SingleSignOn | None:
    """The provider that the variables SUPERSET_SSO_… name; None where they name none.

    Ends the process with a sentence where they are not complete or cannot be understood.
    """

    def variable(name: str, default: str = "") -> str:
        return environment.get(f"SUPERSET_SSO_{name}", "") or default

    issuer = variable("ISSUER")
    if not issuer:
        return None
    kind = variable("PROVIDER", OPENID)
    if kind not in (OPENID, OPEN_EDX):
        raise SystemExit(f"SUPERSET_SSO_PROVIDER is {kind}: it is {OPENID} or {OPEN_EDX}.")
    needed = ["CLIENT_ID", "CLIENT_SECRET", "ROLES"]
    # An LMS does not say where its keys are, and its tokens are for whoever is told so there.
    needed += ["KEYS", "AUDIENCE"] if kind == OPEN_EDX else []
    missing = [f"SUPERSET_SSO_{name}" for name in needed if not variable(name)]
    if missing:
        raise SystemExit(f"Single sign-on with {issuer} needs {' and '.join(missing)}.")
    scopes = variable("SCOPES", "profile email" if kind == OPEN_EDX else "openid profile email")
    if kind == OPENID and "openid" not in scopes.split():
        raise SystemExit("SUPERSET_SSO_SCOPES must have openid: without it there is no ID token.")
    return SingleSignOn(
        kind=kind,
        issuer=issuer,
        client_id=variable("CLIENT_ID"),
        client_secret=variable("CLIENT_SECRET"),
        roles=_roles(variable("ROLES")),
        username_claim=variable("USERNAME_CLAIM", "preferred_username"),
        scopes=scopes,
        audience=variable("AUDIENCE") if kind == OPEN_EDX else variable("CLIENT_ID"),
        keys=_keys(variable("KEYS")) if kind == OPEN_EDX else "",
        hours=_hours(variable("HOURS", "8")),
    )


def _roles(text: str) -> dict[str, dict[str, tuple[str, ...]]]:
    try:
        content = json.loads(text)
        return {
            str(claim): {str(value): tuple(_names(names)) for value, names in by_value.items()}
            for claim, by_value in content.items()
        }
    except (ValueError, AttributeError, TypeError) as error:
        raise SystemExit(
            "SUPERSET_SSO_ROLES is not understood: write JSON such as "
            '{"groups": {"teachers": "instructor", "operators": ["operator", "analyst"]}}.'
        ) from error


def _names(names: object) -> list[str]:
    found = names if isinstance(names, list) else [names]
    if not all(isinstance(name, str) and name for name in found):
        raise TypeError
    return found


def _keys(text: str) -> str:
    """The address of a key set, or the key set itself; a file holds the latter."""
    if "://" in text:
        return text
    try:
        content = text if text.lstrip().startswith("{") else Path(text).read_text("utf-8")
        json.loads(content)["keys"][0]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise SystemExit(
            "SUPERSET_SSO_KEYS is no key set: write its address, its file, or "
            'the JSON itself, as {"keys": [...]}.'
        ) from error
    return content


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 24 * 31:
        raise SystemExit(f"SUPERSET_SSO_HOURS is {text}: write hours, up to 744.")
    return hours
