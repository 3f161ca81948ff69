"""What ClickHouse's users, roles, policies and profiles that we make are called.

All begin so, and nobody else's may: what begins so and is not in access.yml is removed.
"""

from __future__ import annotations

PREFIX = "warehouse_"

# In whose name published views read what lies beneath. Nobody can log in as this user.
VIEWS_USER = f"{PREFIX}views"


def role_name(role: str) -> str:
    """ClickHouse's name of a role or a service of access.yml."""
    return f"{PREFIX}{role}"
