"""What one who reads may ask of the engine, as ClickHouse's settings."""

from __future__ import annotations

from loader.access.file import Limits

HOUR_SECONDS = 3600


def settings_of(limits: Limits) -> dict[str, int | str]:
    """The settings of a profile. With `readonly` 1 nobody changes them, nor any other.

    Days are those of UTC, as in all tables, whatever the server's time zone: Superset makes
    moments of days to draw them.
    """
    return {
        "readonly": 1,
        "allow_ddl": 0,
        "session_timezone": "UTC",
        "max_execution_time": limits.seconds,
        "max_memory_usage": int(limits.memory),
        "max_rows_to_read": limits.rows_read,
        "max_result_rows": limits.rows_returned,
        "max_concurrent_queries_for_user": limits.concurrent_queries,
    }
