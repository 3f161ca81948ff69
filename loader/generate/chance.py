"""Repeatable chance.

Only `Random.random()` and `getrandbits()` are used: their sequences are the same in every
Python version, while those of the convenience methods have changed before.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def source(seed: int, *purpose: object) -> random.Random:
    """Return a generator of its own for one purpose, so that changing one leaves the others."""
    text = "/".join(str(part) for part in (seed, *purpose))
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


def below(rng: random.Random, limit: int) -> int:
    """Return a whole number from 0 to limit - 1."""
    return int(rng.random() * limit)


def between(rng: random.Random, low: float, high: float) -> float:
    """Return a number from low up to high."""
    return low + (high - low) * rng.random()


def pick(rng: random.Random, items: Sequence[Item]) -> Item:
    """Return one of the items, all equally likely."""
    return items[int(rng.random() * len(items))]


def shuffled(rng: random.Random, items: Sequence[Item]) -> list[Item]:
    """Return the items in another order."""
    result = list(items)
    for last in range(len(result) - 1, 0, -1):
        other = below(rng, last + 1)
        result[last], result[other] = result[other], result[last]
    return result


def bell(rng: random.Random) -> float:
    """Return a roughly normal number, mean 0 and deviation 1, between -3 and 3."""
    return (rng.random() + rng.random() + rng.random() + rng.random() - 2.0) * 1.732


def hex32(rng: random.Random) -> str:
    """Return 32 hexadecimal digits, as block and session ids have."""
    return f"{rng.getrandbits(128):032x}"


def uuid4(rng: random.Random) -> str:
    """Return a random (version 4) UUID as text."""
    digits = f"{rng.getrandbits(128):032x}"
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-"
        f"{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"
    )


class Share:
    """Takes a given share of what passes, at irregular distances."""

    def __init__(self, share: float, rng: random.Random) -> None:
        self.share = share
        self.rng = rng
        self.owed = 0.0
        self.threshold = 2.0 * rng.random()

    def take(self, eligible: bool = True) -> bool:
        """Return whether this one is taken; what cannot be taken now is made up for later."""
        if not self.share:
            return False
        self.owed += self.share
        if not eligible or self.owed < self.threshold:
            return False
        self.owed -= 1.0
        self.threshold = 2.0 * self.rng.random() if self.share < 1.0 else 0.0
        return True
