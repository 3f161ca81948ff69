"""numpy, imported where statements are examined and not before: that takes a while."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def numpy() -> ModuleType:
    """The module, without threads for algebra, which would wait for nothing."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return import_module("numpy")
