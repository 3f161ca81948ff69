"""Which of many texts may be nested too deeply, told from how many brackets they open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loader.lazy_numpy import numpy

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

# Brackets are counted for so many bytes together (the bits of a machine word).
_WORD = 64
# What is looked at at a time, so that it stays in the processor's cache.
_STEP = 128 * 1024


def deeply_nested(texts: Sequence[bytes], levels: int) -> list[int]:
    """The numbers of the texts that open more than `levels` brackets, if not all at once.

    No text that is left out can be nested more deeply.
    """
    np = numpy()
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths)
    opened = np.concatenate([[0], np.cumsum(_opened(b"".join(texts)), dtype=np.int64)])
    # A word may belong to two texts; it counts for both.
    at_most = opened[-(-ends // _WORD)] - opened[(ends - lengths) // _WORD]
    suspects = np.flatnonzero(at_most > levels).tolist()
    return [one for one in suspects if _brackets(texts[one]) > levels]


def _brackets(text: bytes) -> int:
    return text.count(b"{") + text.count(b"[")


def _opened(data: bytes) -> NDArray[uint8]:
    """How many brackets each word of the data opens."""
    np = numpy()
    found: NDArray[uint8] = np.zeros(-(-len(data) // _WORD), np.uint8)
    characters = np.frombuffer(data, np.uint8)
    for start in range(0, len(data), _STEP):
        # The two brackets differ in one bit.
        is_opened = np.packbits((characters[start : start + _STEP] | 0x20) == ord("{"))
        words = np.pad(is_opened, (0, -len(is_opened) % 8)).view(np.uint64)
        found[start // _WORD : start // _WORD + len(words)] = np.bitwise_count(words)
    return found
