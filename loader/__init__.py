"""Land xAPI statements, unchanged, in ClickHouse, and say what became of every line.

The command `loader` does it, and so do these functions, in a notebook or a script:

    from loader import ingest

    for load in ingest("exports/"):
        print(load.source, load.counts.landed, load.counts.rejected)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loader.api import (
        Counts,
        Exported,
        Finding,
        Load,
        LoaderError,
        Settings,
        Status,
        UsageError,
        Validation,
        WarehouseBusyError,
        export,
        ingest,
        status,
        validate,
    )

__version__ = "0.1.0"

__all__ = [
    "Counts",
    "Exported",
    "Finding",
    "Load",
    "LoaderError",
    "Settings",
    "Status",
    "UsageError",
    "Validation",
    "WarehouseBusyError",
    "__version__",
    "export",
    "ingest",
    "status",
    "validate",
]


def __getattr__(name: str) -> Any:
    """What the library offers, when it is asked for: the command line must begin at once."""
    if name in __all__:
        from loader import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
