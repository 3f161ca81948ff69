"""Things by the batch, so that many land together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from loader.errors import LoaderError

Item = TypeVar("Item")


def in_batches(
    items: Iterable[Item], is_full: Callable[[Sequence[Item]], bool]
) -> Iterator[list[Item]]:
    """Items by the batch, also those that came before a failure, which is raised after them."""
    batch: list[Item] = []
    failure: LoaderError | None = None
    try:
        for item in items:
            batch.append(item)
            if is_full(batch):
                yield batch
                batch = []
    except LoaderError as error:
        failure = error
    if batch:
        yield batch
    if failure:
        raise failure
