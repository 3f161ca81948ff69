"""The tables the loader owns, made by versioned, idempotent steps."""

from loader.schema.dumps import DUMP_COLUMNS, EVENT_SINKS, SINK_COLUMNS
from loader.schema.migrate import initialise, is_current, require_current

__all__ = [
    "DUMP_COLUMNS",
    "EVENT_SINKS",
    "SINK_COLUMNS",
    "initialise",
    "is_current",
    "require_current",
]
