"""Who we are to an LRS. Nothing here may show up in a log, an error or a table."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from loader.errors import UsageError

_NONE = SecretStr("")


@dataclass(frozen=True)
class Credentials:
    """A user with a password (HTTP Basic), or a bearer token, or neither."""

    user: str = ""
    password: SecretStr = _NONE
    token: SecretStr = _NONE

    @property
    def header(self) -> dict[str, str]:
        """The header that says it to the LRS."""
        token = self.token.get_secret_value()
        if token:
            return {"Authorization": f"Bearer {token}"}
        if self.user:
            pair = f"{self.user}:{self.password.get_secret_value()}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}

    @property
    def account(self) -> str:
        """Tells apart the stores that one LRS keeps behind one URL, by who asks.

        A hash of the user's name; empty for a token, since tokens change.
        """
        if self.token.get_secret_value() or not self.user:
            return ""
        return hashlib.sha256(self.user.encode()).hexdigest()[:16]


class _Variables(BaseSettings):
    """The variables that hold credentials, from the environment or `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    user: str = Field("", validation_alias="LRS_USER")
    password: SecretStr = Field(_NONE, validation_alias="LRS_PASSWORD")
    token: SecretStr = Field(_NONE, validation_alias="LRS_TOKEN")


def load_credentials(user: str = "") -> Credentials:
    """Credentials from the environment and `.env`; `user`, if given, is the one to use.

    The password is empty where none is set. Raises UsageError when they contradict
    themselves.
    """
    found = _Variables()  # type: ignore[call-arg]  # every field comes from the environment
    name = user or found.user
    token = found.token.get_secret_value()
    if ":" in name:
        raise UsageError(
            "A user's name has no colon: give the name alone, and the password as LRS_PASSWORD "
            "or when you are asked for it."
        )
    if token and user:
        raise UsageError("There is a token (LRS_TOKEN) and a --user: which of them? Unset one.")
    if token and name:
        raise UsageError("LRS_TOKEN and LRS_USER are both set: which of them? Unset one.")
    if not (token + found.password.get_secret_value()).isprintable():
        raise UsageError("LRS_TOKEN or LRS_PASSWORD has a line end or another control character.")
    return Credentials(name, found.password, found.token)
