"""Freed memory: kept for what comes next where that is fast, given back where that is thrifty.

Other C libraries than GNU's are left as they are.
"""

from __future__ import annotations

import ctypes

# As malloc.h of the GNU C library numbers them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8

# Above what chunks and what is made of them take, and as much as the library allows.
_LARGE = 32 * 1024 * 1024
_KEPT = 32 * 1024 * 1024

# Below them.
_NOT_SMALL = 1024 * 1024


def keep_freed_memory() -> None:
    """Have the C library of this process give freed memory back later than it would.

    Megabytes are asked for and freed again with each chunk. Had they to come from the kernel each
    time, page by page, that would be a tenth of a load. Threads that begin after this share what
    is kept: otherwise each keeps its own.
    """
    _tune(_ARENAS, 2)
    _tune(_MMAP_THRESHOLD, _LARGE)
    _tune(_TRIM_THRESHOLD, _KEPT)


def give_back_large_memory() -> None:
    """Have the C library of this process give megabytes back as soon as they are freed.

    By itself it keeps as much as was ever freed at once, with small pieces between.
    """
    _tune(_MMAP_THRESHOLD, _NOT_SMALL)


def give_back_freed_memory() -> None:
    """Have the C library of this process give back now what is free, wherever it lies.

    Of the thousands of pieces that Python asks for as it looks at statements, a few stay, here and
    there, and keep what is around them.
    """
    _call("malloc_trim", 0)


def _tune(what: int, value: int) -> None:
    _call("mallopt", what, value)


def _call(function: str, *numbers: int) -> None:
    found = getattr(ctypes.CDLL(None), function, None)
    if found:
        found(*numbers)
