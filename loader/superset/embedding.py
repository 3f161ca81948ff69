"""Tokens with which an authoring tool embeds a dashboard for one course."""

from __future__ import annotations

import time

import jwt

from loader.errors import UsageError

# Who a token is for, as superset_config.py expects it.
AUDIENCE = "superset"
LONGEST_SECONDS = 3600
SHORTEST_SECRET = 32
LONGEST_KEY = 255


def guest_token(secret: str, dashboard: str, course_key: str, seconds: int = 300) -> str:
    """A token that opens one embedded dashboard, by its embedded id, for one course.

    It is signed here with Superset's SUPERSET_GUEST_TOKEN_SECRET, and Superset is not asked. The
    course stands where a user has their name, and the rule on rows of the role `warehouse_embedded`
    goes by it: a token without a course shows nothing. It holds for `seconds`; what embeds asks for
    a new one before. Raises UsageError for a secret or a course that cannot be.
    """
    if len(secret) < SHORTEST_SECRET:
        raise UsageError(
            f"The secret for guest tokens is too short: {SHORTEST_SECRET} characters are the least."
        )
    if not 0 < len(course_key) <= LONGEST_KEY or not course_key.isprintable():
        raise UsageError(f"{course_key[:80]!r} is no course key.")
    if not 0 < seconds <= LONGEST_SECONDS:
        raise UsageError(f"A token holds for 1 to {LONGEST_SECONDS} seconds, not {seconds}.")
    now = int(time.time())
    claims = {
        "user": {"username": course_key, "first_name": "Embedded", "last_name": ""},
        "resources": [{"type": "dashboard", "id": dashboard}],
        "rls_rules": [],
        "iat": now,
        "exp": now + seconds,
        "aud": AUDIENCE,
        "type": "guest",
    }
    return jwt.encode(claims, secret, algorithm="HS256")
