"""Ids of rows, one by one."""

from __future__ import annotations

import tracemalloc

from loader.known import keys_of


def test_ids_come_one_by_one() -> None:
    assert keys_of(b"") == ()
    assert keys_of(b"a" * 16 + b"b" * 16) == (b"a" * 16, b"b" * 16)


def test_nothing_is_kept_of_how_many_there_were() -> None:
    """Each insert has another number of ids: a load of any size needs the same memory."""
    keys_of(bytes(16))
    tracemalloc.start()
    try:
        for count in range(5_000, 5_050):
            keys_of(bytes(16 * count))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 100_000
