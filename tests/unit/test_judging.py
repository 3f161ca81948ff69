"""Ids of batches compared: the same as comparing them one by one."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from loader.blocks import Checked, Rows
from loader.judging import _ODD, Batch, Part
from loader.known import keys_of

HALVES = st.sampled_from([0, 1, _ODD, 2**64 - 1, 2**63]) | st.integers(0, 2**64 - 1)
IDS = st.lists(st.tuples(HALVES, HALVES), max_size=12).map(
    lambda pairs: b"".join(
        first.to_bytes(8, "little") + second.to_bytes(8, "little") for first, second in pairs
    )
)


def batch(ids: bytes) -> Batch:
    rows = Rows(None, ids, array("q", bytes(len(ids) // 2)), 0, array("Q"), array("Q"))
    return Batch([Part(Checked(rows, [], 0, 0, 0, b""), 1)])


@given(IDS, IDS)
def test_ids_are_compared_whole(one: bytes, other: bytes) -> None:
    keys, others = keys_of(one), keys_of(other)
    assert batch(one).repeats == (len(set(keys)) < len(keys))
    assert batch(one).shares(batch(other)) == (not set(keys).isdisjoint(others))


def test_different_ids_of_one_number_are_told_apart() -> None:
    one = bytes(8) + _ODD.to_bytes(8, "little")
    other = (1).to_bytes(8, "little") + bytes(8)
    assert batch(one).mixed == batch(other).mixed
    assert not batch(one + other).repeats
    assert not batch(one).shares(batch(other))
