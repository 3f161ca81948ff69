"""Values in conditions, as ClickHouse reads them.

SQLAlchemy doubles the quotes in a text and leaves its backslashes, by which ClickHouse escapes:
what somebody chose in a filter, `\\') or 1 = 1 -- `, would end the text, and the rules on rows
after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clickhouse_connect.cc_sqlalchemy.dialect import ClickHouseDialect
from sqlalchemy.types import String


class EscapedString(String):
    """A text whose backslashes stand for themselves."""

    def literal_processor(self, dialect: Any) -> Callable[[str], str]:
        """What makes a literal of a value."""
        quoted = super().literal_processor(dialect)
        return lambda value: quoted(value.replace("\\", "\\\\"))


def escape_backslashes() -> None:
    """Let every text that Superset writes into a query for ClickHouse be escaped."""
    ClickHouseDialect.colspecs = {**ClickHouseDialect.colspecs, String: EscapedString}
