"""A small provider of OpenID Connect, and of what an Open edX LMS has instead, with real keys.

It knows one client and asks nobody for a password: whoever comes is `person`. What it signs can be
spoiled, in `claims` and with another key, to see whether somebody looks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.web import running

CLIENT_ID = "superset"
CLIENT_SECRET = "only-for-tests"  # noqa: S105
LMS_AUDIENCE = "openedx"
KEY_ID = "2026-11"


def new_key() -> rsa.RSAPrivateKey:
    """A key as providers have them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What the provider says, and how. `claims` replaces claims of the token; None removes one."""

    issuer: str
    key: rsa.RSAPrivateKey
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    signing_key: Any = None
    algorithm: str = "RS256"
    sends_id_token: bool = True
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def key_set(self) -> dict[str, Any]:
        """The public key, as anybody may have it."""
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def discovery(self) -> dict[str, Any]:
        """What there is, and where."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/access_token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            # As some do: what it may sign with has to be decided by who reads it.
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def allow(self, asked: dict[str, str]) -> str:
        """Where to send the browser: back to the client, with a code."""
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def tokens(self, asked: dict[str, str]) -> dict[str, Any]:
        """Tokens for a code, which is good once. Raises KeyError for one that is not."""
        began = self.codes.pop(asked["code"])
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert challenge == began["code_challenge"]
        assert asked["redirect_uri"] == began["redirect_uri"]
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        if asked.get("token_type") == "jwt":
            assert asked["asymmetric_jwt"] == "true"
            return answer | {"access_token": self.signed(LMS_AUDIENCE), "token_type": "JWT"}
        if self.sends_id_token:
            answer["id_token"] = self.signed(CLIENT_ID, nonce=began["nonce"])
        return answer | {"expires_in": 300}

    def signed(self, audience: str, **more: Any) -> str:
        """A token about the person."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "b1946ac9",
            "aud": audience,
            "iat": now,
            "exp": now + 300,
            **more,
            **self.person,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = None if self.algorithm == "none" else self.signing_key or self.key
        return jwt.encode(claims, key, self.algorithm, headers={"kid": KEY_ID})


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on 127.0.0.1, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}/oauth2", new_key())
    server.provider = provider  # type: ignore[attr-defined]
    with running(server):
        yield provider


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # so the library calls it
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        place = urlsplit(self.path)
        if place.path == "/oauth2/.well-known/openid-configuration":
            self._answer(provider.discovery())
        elif place.path == "/oauth2/keys":
            self._answer(provider.key_set())
        elif place.path == "/oauth2/authorize":
            self.send_response(302)
            self.send_header("Location", provider.allow(_fields(place.query)))
            self.end_headers()
        else:
            self._answer({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {secret}":
            self._answer({"error": "invalid_client"}, 401)
            return
        try:
            self._answer(provider.tokens(_fields(body)))
        except KeyError:
            self._answer({"error": "invalid_grant"}, 400)

    def _answer(self, content: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: tests have their own output."""


def _fields(text: str) -> dict[str, str]:
    return {name: found[0] for name, found in parse_qs(text).items()}
