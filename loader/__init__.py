"""Land xAPI statements, unchanged, in ClickHouse, and say what became of every line."""

__version__ = "0.1.0"
