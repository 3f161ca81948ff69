"""Where Superset finds the warehouse."""

from __future__ import annotations

from urllib.parse import quote

from loader.errors import UsageError
from loader.settings import Settings, Target


def database_uri(settings: Settings) -> str:
    """The address for Superset of the server that the loader uses.

    Raises UsageError for the embedded warehouse, which one process alone can open.
    """
    if settings.target is Target.EMBEDDED:
        raise UsageError(
            "Superset needs a ClickHouse server, and WAREHOUSE_TARGET is embedded: set it to "
            "server, with CLICKHOUSE_HOST, or name the address with --database."
        )
    password = settings.password.get_secret_value()
    secret = f":{quote(password, safe='')}" if password else ""
    user = quote(settings.user, safe="")
    secure = "?secure=true" if settings.secure else ""
    place = f"{settings.host}:{settings.http_port}"
    return f"clickhousedb://{user}{secret}@{place}/reporting{secure}"
