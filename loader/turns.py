"""Loaders of one warehouse land in turns, so that none lands what another has just landed.

On a server they draw numbers, as people do in an office: the table `xapi.turns`, in which the
first insert of a number wins because of its token. An embedded warehouse belongs to one process.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from loader.attempts import Attempts
from loader.engine import is_embedded
from loader.errors import LoaderError
from loader.loads import insert_settings
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# A loader of another machine that says nothing for so long is taken for dead.
VALID_SECONDS = 600
RENEW_SECONDS = 60

# Others get their turn after so long; what is under way is landed first.
HELD_SECONDS = 5

_FIRST_LOOK, _LAST_LOOK = 0.02, 0.5  # seconds between two looks whether it is our turn
_PRESENCE = 0  # the number of who is merely there


@dataclass(frozen=True)
class _Other:
    number: int
    run_id: UUID
    process: str
    host: str
    until: str


class Turns:
    """The turns of one run of the loader, and whether other runs are still there."""

    def __init__(
        self,
        client: Client,
        attempts: Attempts,
        tell: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        """`tell` gets a sentence when we wait for another loader."""
        self.run_id = uuid4()
        self.at_each: Callable[[], None] = lambda: None  # done first, when our turn begins
        self._client = client
        self._attempts = attempts
        self._tell = tell
        self._alone = is_embedded(client)
        self._lock = threading.Condition()
        self._users = 0
        self._number: int | None = None  # of the turn that is ours
        self._drawn: int | None = None  # the same, also while we wait for it
        self._writing = threading.Lock()
        self._taken_at = 0.0
        self._renewed_at: float | None = None
        self._closed = threading.Event()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Whatever lands does so in here; several threads of this run may be in it at once.

        Raises LoaderError when this process was stopped for so long that others went on.
        """
        with self._lock:
            while self._users and self._is_wanted():
                self._lock.wait()
            if self._number is None:
                self._number = self._take()
                self._taken_at = time.monotonic()
                self.at_each()
            self._require()
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users and not self._alone:
                    self._number = None
                    self._end()
                self._lock.notify_all()

    def alive(self, runs: Iterable[UUID]) -> set[UUID]:
        """Those of these runs, this one among them, whose process is still there."""
        asked = set(runs)
        if self._alone:
            return asked & {self.run_id}
        others = {one.run_id for one in self._others(f"number = {_PRESENCE}")}
        return asked & (others | {self.run_id})

    def close(self) -> None:
        """Say that this run is over."""
        self._closed.set()
        if self._renewed_at is not None:
            with suppress(LoaderError):
                self._end()  # if it failed while it was our turn
                with self._writing:
                    self._write([_PRESENCE], is_over=True)

    def _is_wanted(self) -> bool:
        if self._alone or time.monotonic() - self._taken_at < HELD_SECONDS:
            return False
        return self._last_number() > (self._number or 0)

    def _take(self) -> int:
        if self._alone:
            return 1
        if self._renewed_at is None:
            self._write([_PRESENCE])
            threading.Thread(target=self._renew, daemon=True).start()
        number = self._drawn = self._draw()
        pause, told = _FIRST_LOOK, False
        while others := self._others(f"number != {_PRESENCE} AND number < {number}"):
            if not told:
                first = others[0]
                self._tell(
                    f"Another loader ({first.host}) is landing: waiting for it. If it died, "
                    f"this goes on at {first.until} UTC at the latest."
                )
                told = True
            time.sleep(pause)
            pause = min(2 * pause, _LAST_LOOK)
        return number

    def _draw(self) -> int:
        number = 0
        while True:
            number = max(number, self._last_number()) + 1
            self._write([number], token=f"number {number}")
            if self._owner(number) == self.run_id:
                return number

    def _owner(self, number: int) -> UUID | None:
        sql = f"SELECT run_id FROM {RAW}.turns WHERE number = {number} LIMIT 1"
        rows: Any = self._attempts(lambda: self._client.query(sql).result_rows)
        return rows[0][0] if rows else None

    def _last_number(self) -> int:
        return self._attempts(
            lambda: int(str(self._client.command(f"SELECT max(number) FROM {RAW}.turns")))
        )

    def _others(self, which: str) -> list[_Other]:
        """Other runs that are there; of those of this machine we see it for ourselves."""
        rows: Any = self._attempts(
            lambda: (
                self._client.query(
                    "SELECT number, run_id, process, host, formatDateTime(valid_until, '%H:%i:%S') "
                    f"FROM {RAW}.turns FINAL WHERE {which} AND NOT is_over "
                    "AND valid_until > now64(6) AND run_id != {run:UUID} ORDER BY number",
                    parameters={"run": self.run_id},
                ).result_rows
            )
        )
        return [one for one in (_Other(*row) for row in rows) if not _is_dead(one.process)]

    def _end(self) -> None:
        with self._writing:
            drawn, self._drawn = self._drawn, None
            if drawn is not None:
                self._write([drawn], is_over=True)

    def _write(self, numbers: list[int], is_over: bool = False, token: str = "") -> None:
        names = "number, run_id, process, host, valid_until, is_over"
        rows = ", ".join(
            f"({number}, {{run:UUID}}, {{process:String}}, {{host:String}}, "
            f"now64(6) + INTERVAL {VALID_SECONDS} SECOND, {int(is_over)})"
            for number in numbers
        )
        settings = insert_settings(token or f"{self.run_id} {time.time_ns()}")
        begun = time.time()
        self._attempts(
            lambda: self._client.command(
                f"INSERT INTO {RAW}.turns ({names}) VALUES {rows}",
                parameters={"run": self.run_id, "process": _process(), "host": _host()},
                settings=settings,
            )
        )
        self._renewed_at = begun

    def _renew(self) -> None:
        while not self._closed.wait(RENEW_SECONDS):
            with self._writing, suppress(LoaderError):
                self._write([_PRESENCE] if self._drawn is None else [_PRESENCE, self._drawn])

    def _require(self) -> None:
        if self._renewed_at is not None and time.time() - self._renewed_at > VALID_SECONDS:
            raise LoaderError(
                "This loader was stopped for so long that others may have gone on without it. "
                "What has landed stays; run the same command again."
            )


def _host() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"


def _process() -> str:
    return f"{_kernel()} {os.getpid()} {_started(os.getpid())}"


def _kernel() -> str:
    """Tells whether ids of processes mean the same: of one start of one machine."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.stat('/proc/self/ns/pid').st_ino}"  # noqa: PTH116  # not a path of files
    except OSError:
        return f"{socket.gethostname()} 0"


def _started(pid: int) -> str:
    """When a process of this machine was started; "" if it is not there (any more)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _is_dead(process: str) -> bool:
    kernel, _, rest = process.rpartition(" ")[0].rpartition(" ")
    return kernel == _kernel() and _started(int(rest)) != process.rpartition(" ")[2]
