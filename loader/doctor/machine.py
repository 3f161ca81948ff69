"""Has this machine room for what a load has under way?"""

from __future__ import annotations

import shutil
from tempfile import gettempdir

from loader.doctor.check import Check, ok, warning
from loader.limits import in_words

# Two inserts under way and the one that is filled, unpacked (`loader.ingestion`).
LEAST_ROOM = 1024**3

_NAME = "temporary folder"


def temporary_folder() -> Check:
    """Whether there is room where batches lie until they have landed."""
    folder = gettempdir()
    return room(folder, shutil.disk_usage(folder).free)


def room(folder: str, free: int) -> Check:
    """What to say of so many free bytes in it."""
    found = f"{free / 1024**3:,.1f} GiB free in {folder}, where batches wait to land"
    if free < LEAST_ROOM:
        remedy = f"make room for {in_words(LEAST_ROOM)}, or set TMPDIR to a folder that has it."
        return warning(_NAME, found, remedy)
    return ok(_NAME, found)
