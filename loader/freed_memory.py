"""Freed memory that is kept for what comes next."""

from __future__ import annotations

import ctypes

# As malloc.h of the GNU C library numbers them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3

# Above what chunks and what is made of them take, and as much as the library allows.
_LARGE = 32 * 1024 * 1024
_KEPT = 32 * 1024 * 1024


def keep_freed_memory() -> None:
    """Have the C library of this process give freed memory back later than it would.

    Megabytes are asked for and freed again with each chunk. Had they to come from the kernel each
    time, page by page, that would be a tenth of a load. Other C libraries are left as they are.
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune:
        tune(_MMAP_THRESHOLD, _LARGE)
        tune(_TRIM_THRESHOLD, _KEPT)
