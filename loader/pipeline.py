"""From sources to checked chunks: several sources are read at once, and come in their order."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Generic, TypeVar

from loader.ahead import in_order
from loader.checkers import Checkers
from loader.chunks import Chunk
from loader.reading import Input, PassedOver, Reading, Source, open_inputs

Job = TypeVar("Job")
Checked = TypeVar("Checked")

# Sources that are read at once, each so many chunks ahead, so that checking goes on while the
# engine has to be waited for.
AT_ONCE = min(4, os.cpu_count() or 1)
CHUNKS_AHEAD = 6


@dataclass(frozen=True)
class CheckedInput(Generic[Job, Checked]):
    """An input, and what was found in its chunks, to be taken before the next input."""

    opened: Input
    job: Job
    chunks: Iterator[Checked]


def checked_inputs(
    sources: Sequence[Source],
    reading: Reading,
    workers: Checkers,
    check: Callable[[Chunk, Job], Checked],
    job_of: Callable[[Input, Chunk | None], Job],
    known_of: Callable[[Input, Job], Sequence[Checked] | None] = lambda _opened, _job: None,
    check_quickly: Callable[[Chunk, Job], Checked | None] | None = None,
) -> Iterator[CheckedInput[Job, Checked] | PassedOver]:
    """What `check` finds in each input that the sources hold, in their order.

    It and `check_quickly` are as `Checkers.checked` asks for.
    `job_of` is asked, in some thread, when an input is opened, and gets its first chunk. Then
    `known_of` may give what would be found in all of its chunks: they are not read. Raises
    LoaderError where an input cannot be read.
    """
    checked = partial(workers.checked, check=check, check_quickly=check_quickly)
    works = [partial(_read, source, reading, checked, job_of, known_of) for source in sources]
    with closing(in_order(works, AT_ONCE, CHUNKS_AHEAD)) as items:
        for item in items:
            if isinstance(item, PassedOver):
                yield item
            elif isinstance(item, _Begun):
                chunks = _until_ended(items)
                yield CheckedInput(item.opened, item.job, chunks)
                for _ in chunks:
                    pass


@dataclass(frozen=True)
class _Begun(Generic[Job]):
    opened: Input
    job: Job


@dataclass(frozen=True)
class _Found(Generic[Checked]):
    checked: Checked


class _Ended:
    pass


def _read(
    source: Source,
    reading: Reading,
    checked: Callable[..., Iterator[Checked]],
    job_of: Callable[[Input, Chunk | None], Job],
    known_of: Callable[[Input, Job], Sequence[Checked] | None],
) -> Generator[_Begun[Job] | _Found[Checked] | _Ended | PassedOver, None, None]:
    with closing(open_inputs(source, reading)) as inputs:
        for opened in inputs:
            if isinstance(opened, PassedOver):
                yield opened
                continue
            chunks = opened.chunks()
            first = list(islice(chunks, 1))
            job = job_of(opened, first[0] if first else None)
            known = known_of(opened, job)
            yield _Begun(opened, job)
            for one in known or checked(chain(first, chunks), job=job):
                yield _Found(one)
            yield _Ended()


def _until_ended(
    items: Iterable[_Begun[Job] | _Found[Checked] | _Ended | PassedOver],
) -> Iterator[Checked]:
    for item in items:
        if isinstance(item, _Found):
            yield item.checked
        else:
            return
