"""How far the reading of inputs has come, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Told how much is done, of whatever is counted (bytes of the stored file, mostly)."""

    def __call__(self, done: int, records: int, not_landed: int = 0, /) -> None:
        """`records` were judged or written so far, `not_landed` of them cannot land."""


Show = Callable[[str, int | None], Progress]
"""Told the name of an input and its bytes, if they are known; gives what its progress is told."""


def no_progress(_done: int, _records: int, _not_landed: int = 0, /) -> None:
    """For whoever does not look."""


def show_nothing(_name: str, _size: int | None) -> Progress:
    """For whoever looks at no input."""
    return no_progress
