"""Iterators that run side by side give their items in their order."""

from __future__ import annotations

import threading
from collections.abc import Generator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.ahead import Work, in_order


def counting(first: int, size: int, closed: list[int]) -> Generator[int, None, None]:
    try:
        yield from range(first, first + size)
    finally:
        closed.append(first)


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(1, 4), st.integers(1, 3))
def test_all_items_come_in_their_order(sizes: list[int], at_once: int, ahead: int) -> None:
    closed: list[int] = []
    works = [partial(counting, 100 * place, size, closed) for place, size in enumerate(sizes)]
    expected = [item for work in works for item in work()]
    closed.clear()
    assert list(in_order(works, at_once, ahead)) == expected
    assert sorted(closed) == [100 * place for place in range(len(sizes))]


def test_the_second_runs_while_the_first_is_not_done() -> None:
    second_began = threading.Event()

    def first() -> Generator[str, None, None]:
        assert second_began.wait(timeout=30)
        yield "first"

    def second() -> Generator[str, None, None]:
        second_began.set()
        yield "second"

    assert list(in_order([first, second], 2, 1)) == ["first", "second"]


def test_what_one_raises_comes_when_it_is_its_turn() -> None:
    def failing() -> Generator[int, None, None]:
        yield 10
        raise ValueError("broken")

    works: list[Work[int]] = [partial(counting, 0, 3, []), failing, partial(counting, 20, 3, [])]
    items = in_order(works, 3, 1)
    assert [next(items) for _ in range(4)] == [0, 1, 2, 10]
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_whoever_stops_early_leaves_no_thread_and_nothing_open() -> None:
    before, closed = set(threading.enumerate()), list[int]()
    items = in_order([partial(counting, n, 1_000_000, closed) for n in range(5)], 3, 2)
    assert next(items) == 0
    items.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=30)
    assert set(threading.enumerate()) <= before
    assert sorted(closed) == [0, 1, 2]
