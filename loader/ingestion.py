"""`loader ingest`: files in, verdicts out. Reading, checking and landing overlap."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

import xxhash

from loader.blocks import Checked, Job, check
from loader.checkers import Checkers
from loader.envelope import EPOCH, MICROSECOND
from loader.known import Key, keys_of
from loader.landing import Batch, Landing
from loader.loads import Counts, Load, finish_load
from loader.pipeline import CheckedInput, checked_inputs
from loader.progress import Progress, Show, show_nothing
from loader.reading import AS_IT_COMES, Input, PassedOver, Reading, Source
from loader.reading.inputs import CHUNK_BYTES

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# One insert: the engine likes 64 to 256 MB. The first are smaller, so that it begins early.
FIRST_BATCH_BYTES = 4 * CHUNK_BYTES
BATCH_BYTES = 32 * CHUNK_BYTES


def ingest(
    clients: Sequence[Client],
    sources: Sequence[Source],
    workers: Checkers,
    reading: Reading = AS_IT_COMES,
    show: Show = show_nothing,
    *,
    strict: bool = False,
) -> Iterator[Load | PassedOver]:
    """Land sources, in their order; a row in `xapi.loads` is written last for each input.

    Several are read at once. As many inserts are under way at a time as there are
    `clients`; embedded, each needs a connection of its own. With `strict`, statements must
    follow the whole specification and not the envelope alone. Gives what became of the
    records of each input; an archive has several. Raises LoaderError when one cannot be
    read or the engine refuses; what landed before stays, and the same command again finds
    it as duplicates.
    """
    with TemporaryDirectory(prefix="loader-") as folder:

        def job_of(opened: Input) -> Job:
            now = (datetime.now(timezone.utc) - EPOCH) // MICROSECOND
            return Job(uuid4(), opened.name, now, Path(folder), reading.limits, strict)

        for found in checked_inputs(sources, reading, workers, check, job_of):
            if isinstance(found, PassedOver):
                yield found
            else:
                yield _land(clients, found, show(found.opened.name, found.opened.size))


def _land(clients: Sequence[Client], found: CheckedInput[Job, Checked], progress: Progress) -> Load:
    job, opened = found.job, found.opened
    load = Load(job.source, job.load_id)
    digest = xxhash.xxh3_128()
    embedded = clients[0].uri.startswith("chdb:")
    landings = [Landing(client, job, embedded) for client in clients]
    with _Lander(landings, load.counts, opened.first_line) as lander:
        for checked in found.chunks:
            lander.take(checked)
            digest.update(checked.digest)
            load.untimed += checked.untimed
            load.bytes += checked.size
            load.line_ends += checked.line_ends
            progress(opened.position, load.counts.lines)
    progress(opened.position, load.counts.lines)
    load.grew = opened.grew
    finish_load(clients[0], load, digest.hexdigest())
    return load


class _Lander:
    """Lands batches while the next ones are read and checked, one on each connection.

    What a batch is compared with is what has landed before it. So a batch waits for
    those still on their way if they share an id with it, and for the oldest of them
    if every connection is taken.
    """

    def __init__(self, landings: Sequence[Landing], counts: Counts, first_line: int) -> None:
        self._counts = counts
        self._batch = Batch()
        self._batch_bytes = min(FIRST_BATCH_BYTES, BATCH_BYTES)
        self._next_line = first_line
        self._free = list(landings)
        self._under_way: deque[_UnderWay] = deque()
        self._pool = ThreadPoolExecutor(len(landings), thread_name_prefix="landing")

    def __enter__(self) -> _Lander:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._send()
                self._wait(all_of_them=True)
        finally:
            self._pool.shutdown(cancel_futures=True)

    def take(self, checked: Checked) -> None:
        """Hand over a chunk; waits while the engine is behind, raises what it raised."""
        self._batch.add(checked, self._next_line)
        self._next_line += checked.line_ends
        if self._batch.size >= self._batch_bytes:
            self._send()
            self._batch_bytes = min(2 * self._batch_bytes, BATCH_BYTES)

    def _send(self) -> None:
        batch, self._batch = self._batch, Batch()
        keys = set(keys_of(batch.ids))
        if any(not keys.isdisjoint(other.keys) for other in self._under_way):
            self._wait(all_of_them=True)
        if not self._free:
            self._wait()
        landing = self._free.pop()
        self._under_way.append(_UnderWay(self._pool.submit(landing.land, batch), keys, landing))

    def _wait(self, all_of_them: bool = False) -> None:
        while self._under_way:
            oldest = self._under_way.popleft()
            self._counts.add(oldest.future.result())
            self._free.append(oldest.landing)
            if not all_of_them:
                return


@dataclass(frozen=True)
class _UnderWay:
    future: Future[Counts]
    keys: set[Key]
    landing: Landing
