"""`loader ingest --follow`: what comes to a folder lands, until somebody says stop."""

from __future__ import annotations

import gzip
import json
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from loader.errors import InputError
from loader.follow import Stop, follow
from loader.loads import Load
from loader.reading.following import Follower
from tests.command import Command
from tests.statements import lines, statement, text
from tests.warehouse import Warehouse, counted


class Steps(Stop):
    """Stands for the time between two looks: something happens in it, and at last it is enough."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        super().__init__()
        self._steps = list(steps)

    def wait(self, seconds: float) -> None:  # noqa: ARG002
        if self._steps:
            self._steps.pop(0)()
        if not self._steps:
            self.set()


def followed(warehouse: Warehouse, *steps: Callable[[], object]) -> list[Load | InputError]:
    """What landed, looking before each step and after the last but one."""
    with closing(Follower([str(warehouse.folder)])) as follower:
        clients, workers = warehouse.clients, warehouse.workers
        return list(follow(clients, follower, workers, Steps(*steps), interval=0))


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def test_lines_land_as_they_come_with_their_places(warehouse: Warehouse) -> None:
    path = warehouse.folder / "x.jsonl"
    one, two, three = (text(statement(number)) for number in (1, 2, 3))
    results = followed(
        warehouse,
        lambda: append(path, one + b"\n" + two[:20]),
        lambda: append(path, two[20:] + b"\nbroken\n"),
        lambda: append(path, one + b"\n" + three),
        lambda: append(path, b"\n"),
        lambda: None,
    )
    loads = [counted(load) for load in results if isinstance(load, Load)]
    assert loads == [(1, 0, 0, 0), (1, 0, 0, 1), (1, 1, 0, 0)]
    assert warehouse.events == [one.decode(), two.decode(), three.decode()]
    assert warehouse.rejects == [(3, len(one) + len(two) + 2, "invalid_json")]
    assert warehouse.value("SELECT sum(lines) FROM xapi.loads") == 5


def test_a_file_that_is_not_whole_yet_lands_when_it_is(warehouse: Warehouse) -> None:
    path = warehouse.folder / "x.jsonl.gz"
    packed = gzip.compress(lines(*(statement(number) for number in range(100))))
    results = followed(
        warehouse,
        lambda: path.write_bytes(packed[:-20]),
        lambda: None,
        lambda: append(path, packed[-20:]),
        lambda: None,
        lambda: None,
    )
    failure, load = results
    assert isinstance(failure, InputError)
    assert "x.jsonl.gz further: its compressed data is cut short" in str(failure)
    assert isinstance(load, Load)
    assert sum(counted(load)) == 100
    assert len(warehouse.events) == 100


def test_the_command_tells_of_each_load_and_ends_with_ctrl_c(alone: Command) -> None:
    path = alone.folder / "in" / "x.jsonl"
    path.parent.mkdir()
    with alone.start("ingest", "--follow", "--interval", "0.01", "in") as following:
        assert following.stdout
        append(path, lines(statement(1)) + b'{"id":')
        told = following.stdout.readline().decode()
        assert told.rstrip().endswith("in/x.jsonl: 1 landed")
        append(path, b"\n" + lines(statement(1), statement(2)))
        told = following.stdout.readline().decode()
        assert told.rstrip().endswith("in/x.jsonl: 1 landed, 1 duplicates, 1 rejected")
        append(path, b'{"half')
        following.send_signal(signal.SIGINT)
        out, error = (one.decode() for one in following.communicate())
    assert following.returncode == 3
    assert "4 lines in 2 loads and " in out
    assert "in/x.jsonl, line 2: invalid_json" in out
    assert "Following in. Ctrl-C ends it." in error
    assert "Traceback" not in error


def test_a_signal_may_come_at_any_moment() -> None:
    """Also while it begins to wait, or has just been woken."""
    stop = Stop()
    usual = signal.signal(signal.SIGALRM, lambda *_: stop.set())
    signal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0003)
    try:
        for _ in range(3_000):
            stop.wait(0.0001)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)
    assert stop.is_set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_following_ends_well_with_one_object_for_programs(alone: Command, number: int) -> None:
    (alone.folder / "x.jsonl").write_bytes(lines(statement(1)))
    with alone.start("ingest", "--follow", "--json", "x.jsonl") as following:
        assert following.stdout
        counts = {"lines": 1, "landed": 1, "duplicates": 0, "conflicts": 0, "rejected": 0}
        assert json.loads(following.stdout.readline()) == {"file": "x.jsonl"} | counts
        following.send_signal(number)
        out, _ = following.communicate()
    told = json.loads(out)
    del told["seconds"]
    assert told == counts | {"loads": 1, "unfinished": []}
    assert following.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-"], "- cannot be followed: name files and folders here."),
        (["missing"], "There is no file missing."),
        (["--table", "tag", "."], "--follow is for statements, not for the rows of a --table."),
    ],
)
def test_what_cannot_be_followed_is_wrong_usage(
    alone: Command, arguments: list[str], sentence: str
) -> None:
    done = alone("ingest", "--follow", *arguments)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"Error: {sentence}"
