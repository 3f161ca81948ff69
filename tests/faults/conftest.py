"""Warehouses that faults happen to, and what an undisturbed load makes of them."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from loader.engine import connect
from loader.schema import initialise
from loader.settings import Settings
from tests.command import LOADER
from tests.faults.state import State
from tests.server import ROOT, Address, started_server
from tests.statements import REMOVED, lines, statement, text
from tests.warehouse import ENGINES, empty, environment, server_settings

FILE = "statements.jsonl"
KILLED = -9
DONE_WITH_REJECTS = 3


def odd_file(seed: int = 1, statements: int = 90) -> bytes:
    """Lines with every verdict among them, of which some meet again in other chunks."""
    dice = random.Random(seed)
    made: list[Any] = []
    for number in range(1, statements + 1):
        time = f"2026-0{1 + number % 4}-11T10:00:00Z"  # of four months, each a part of an insert
        made.append(statement(number, timestamp=time, result={"response": "x" * (number % 40)}))
        if number % 9 == 0:
            made.append(made[dice.randrange(len(made))])
        if number % 17 == 0:
            made.append(statement(dice.randrange(1, number), result={"success": False}))
        if number % 13 == 0:
            made.append(b"broken %d" % number)
        if number % 23 == 0:
            nameless = statement(number, id=REMOVED, timestamp=time, result={"duration": "PT1S"})
            made += [nameless, nameless]
    made.append(statement(10_000, timestamp=REMOVED))
    return lines(*(one if isinstance(one, bytes) else text(one) for one in made))


@dataclass
class Scene:
    """A warehouse of its own, a folder with files, and the command with small chunks."""

    folder: Path
    variables: dict[str, str]
    ran: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str, **faults: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.small_loader", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
            | self.variables
            | faults,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.ran.append(process)
        return process

    def run(self, *arguments: str, **faults: str) -> tuple[int, str]:
        """The exit code, and what it said on stderr."""
        process = self.start(*arguments, **faults)
        _, said = process.communicate(timeout=120)
        return process.returncode, said.decode()

    def load(self, name: str, **faults: str) -> tuple[State, int, str]:
        """Load a file to its end: what there is then, the requests it took, and what it said."""
        path = self.folder / "state.json"
        code, said = self.run("ingest", name, FAULT_STATE=str(path), **faults)
        assert code in (0, DONE_WITH_REJECTS), said
        told = json.loads(path.read_text())
        return told["state"], told["requests"], said

    def write(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)


@dataclass(frozen=True)
class Stage:
    """Where scenes are made: each begins with the tables of a new warehouse, without rows."""

    warehouse: Path  # an embedded one
    server: Settings

    def scene(self, engine: str, folder: Path) -> Scene:
        """An empty warehouse; that of the server is the same one each time."""
        if engine == "embedded":
            path = folder / "warehouse"
            shutil.copytree(self.warehouse, path, symlinks=True)
            return Scene(folder, {"WAREHOUSE_TARGET": engine, "WAREHOUSE_PATH": str(path)})
        with closing(connect(self.server)) as client:
            empty(client, self.server)
        return Scene(folder, environment(self.server))


def new_scene(address: Address, folder: Path) -> Scene:
    """A new warehouse on a server of its own."""
    settings = server_settings(address)
    with closing(connect(settings)) as client:
        initialise(client, settings)
    return Scene(folder, environment(settings))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A server for faults alone, and an embedded warehouse to be copied."""
    path = tmp_path_factory.mktemp("faults") / "warehouse"
    variables = {"WAREHOUSE_TARGET": "embedded", "WAREHOUSE_PATH": str(path)}
    subprocess.run([LOADER, "init"], env=os.environ | variables, check=True, capture_output=True)
    with started_server(tmp_path_factory.mktemp("faults-server")) as address:
        yield Stage(path, server_settings(address))


@pytest.fixture(params=ENGINES)
def scene(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> Scene:
    """An empty warehouse on each engine in turn, and the file that is loaded."""
    made = stage.scene(request.param, tmp_path)
    made.write(FILE, odd_file())
    return made


@dataclass(frozen=True)
class Undisturbed:
    """What a load comes to that nothing happens to, and how many requests that takes."""

    state: State
    requests: dict[str, int]  # by engine


@pytest.fixture(scope="session")
def undisturbed(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The load that all others shall be like; it is the same on both engines."""
    states, requests = [], {}
    for engine in ENGINES:
        scene = stage.scene(engine, tmp_path_factory.mktemp(engine))
        scene.write(FILE, odd_file())
        found, requests[engine], _ = scene.load(FILE)
        states.append(found)
    assert states[0] == states[1]
    assert states[0]["wrong"] == {}
    assert all(states[0][name] for name in ("statements", "index", "rejects", "loads"))
    return Undisturbed(states[0], requests)
