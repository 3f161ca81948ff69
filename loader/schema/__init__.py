"""The tables the loader owns, made by versioned, idempotent steps."""

from loader.schema.migrate import initialise, is_current, require_current
from loader.schema.tables import DUMP_COLUMNS, EVENT_SINKS, SINK_COLUMNS

__all__ = [
    "DUMP_COLUMNS",
    "EVENT_SINKS",
    "SINK_COLUMNS",
    "initialise",
    "is_current",
    "require_current",
]
