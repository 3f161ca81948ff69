"""Statements back out of a warehouse, as they landed (docs/export.md)."""

from loader.exporting.files import Exported, Kind, export_to_file, export_to_stream, kind_of
from loader.exporting.selection import Selection

__all__ = ["Exported", "Kind", "Selection", "export_to_file", "export_to_stream", "kind_of"]
