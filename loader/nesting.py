"""Which of many texts may be nested too deeply, told from how many brackets they open."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Brackets are counted for so many bytes together (the bits of a machine word).
_WORD = 64
# What is looked at at a time, so that it stays in the processor's cache.
_STEP = 128 * 1024


def deeply_nested(texts: Sequence[bytes], levels: int) -> list[int]:
    """The numbers of the texts that open more than `levels` brackets, if not all at once.

    No text that is left out can be nested more deeply.
    """
    numpy = _numpy()
    lengths = numpy.fromiter(map(len, texts), numpy.int64, len(texts))
    ends = numpy.cumsum(lengths)
    opened = numpy.concatenate([[0], numpy.cumsum(_opened(b"".join(texts)), dtype=numpy.int64)])
    # A word may belong to two texts; it counts for both.
    at_most = opened[-(-ends // _WORD)] - opened[(ends - lengths) // _WORD]
    suspects = numpy.flatnonzero(at_most > levels).tolist()
    return [one for one in suspects if _brackets(texts[one]) > levels]


def _numpy() -> ModuleType:
    """numpy, imported where statements are examined, without threads for algebra that wait."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return import_module("numpy")


def _brackets(text: bytes) -> int:
    return text.count(b"{") + text.count(b"[")


def _opened(data: bytes) -> NDArray[np.uint8]:
    """How many brackets each word of the data opens."""
    numpy = _numpy()
    found: NDArray[np.uint8] = numpy.zeros(-(-len(data) // _WORD), numpy.uint8)
    characters = numpy.frombuffer(data, numpy.uint8)
    for start in range(0, len(data), _STEP):
        # The two brackets differ in one bit.
        is_opened = numpy.packbits((characters[start : start + _STEP] | 0x20) == ord("{"))
        words = numpy.pad(is_opened, (0, -len(is_opened) % 8)).view(numpy.uint64)
        found[start // _WORD : start // _WORD + len(words)] = numpy.bitwise_count(words)
    return found
