"""Passwords of users, from the environment: only their hashes go further."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from loader.errors import UsageError

_PLAIN = "ACCESS_PASSWORD_"
_HASHED = "ACCESS_PASSWORD_SHA256_"
_HASH = re.compile(r"[0-9a-fA-F]{64}")

# No password has this hash, as far as anybody knows.
NOBODYS_HASH = "0" * 64


def password_hashes(users: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The SHA-256 of each user's password, in hexadecimal.

    Raises UsageError that names all variables that are missing, and never what is in one.
    """
    found, missing = {}, []
    for user in users:
        name = re.sub(r"[^A-Z0-9]", "_", user.upper())
        plain, hashed = environment.get(_PLAIN + name), environment.get(_HASHED + name)
        if hashed:
            if not _HASH.fullmatch(hashed):
                raise UsageError(f"{_HASHED}{name} is no SHA-256: it has 64 hexadecimal digits.")
            found[user] = hashed.lower()
        elif plain:
            found[user] = hashlib.sha256(plain.encode()).hexdigest()
        else:
            missing.append(_PLAIN + name)
    if missing:
        raise UsageError(
            f"Users need passwords: set {', '.join(missing)} in the environment (or the SHA-256 of "
            f"each, with {_HASHED} at the beginning), or leave users out with --no-users."
        )
    return found
