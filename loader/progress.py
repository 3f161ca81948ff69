"""How far the reading of inputs has come, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told bytes of the stored file consumed and records judged so far."""

Show = Callable[[str, int | None], Progress]
"""Told the name of an input and its bytes, if they are known; gives what its progress is told."""


def show_nothing(_name: str, _size: int | None) -> Progress:
    """For whoever does not look."""
    return lambda _bytes, _records: None
