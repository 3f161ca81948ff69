"""A server that breaks off, says nothing, does things twice or dies, many times in one load."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from loader.engine import connect
from tests.faults.conftest import FILE, Scene, Stage, Undisturbed, new_scene, odd_file
from tests.faults.mortal_server import mortal_server
from tests.faults.proxy import Fault, at_random, proxy_to

SEED = 20261128
LATE_SECONDS = 1.5


def through(scene: Scene, port: int) -> Scene:
    """The same scene, seen through a proxy."""
    ports = {
        "CLICKHOUSE_PORT": str(port),
        "FAULT_STATE_PORT": scene.variables["CLICKHOUSE_PORT"],
    }
    return Scene(scene.folder, scene.variables | ports)


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.DEAD])
def test_a_load_gets_through(
    fault: Fault, stage: Stage, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    dice = random.Random(f"{SEED} {fault.name}")
    scene = stage.scene("server", tmp_path)
    scene.write(FILE, odd_file())
    host, port = stage.server.host, stage.server.http_port
    every = 12 if fault is Fault.LATE else 4
    patience = "1" if fault is Fault.LATE else "60"
    with proxy_to(host, port, at_random(dice, [fault], every), late=LATE_SECONDS) as proxy:
        found, _, said = through(scene, proxy.port).load(FILE, FAULT_TIMEOUT=patience)
    assert found == undisturbed.state, said
    assert len(proxy.happened) >= 2
    if fault is not Fault.TWICE:
        assert "waiting" in said


@pytest.mark.parametrize("number", range(2))
def test_a_load_gets_through_all_of_it(
    number: int, stage: Stage, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    dice = random.Random(f"{SEED} {number}")
    scene = stage.scene("server", tmp_path)
    scene.write(FILE, odd_file())
    host, port = stage.server.host, stage.server.http_port
    faults = [fault for fault in Fault if fault not in (Fault.DEAD, Fault.LATE)]
    with proxy_to(host, port, at_random(dice, faults, 2)) as proxy:
        found, _, said = through(scene, proxy.port).load(FILE)
    assert found == undisturbed.state, f"{[one.name for one in proxy.happened]}: {said}"
    assert len(proxy.happened) >= 10


def test_a_server_that_is_killed_and_comes_back(undisturbed: Undisturbed, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with mortal_server(tmp_path / "server") as server:
        scene = new_scene(server.address, tmp_path)
        scene.write(FILE, odd_file())
        # Inserts of statements, each after which it may die, and those into other tables.
        with proxy_to(*server.address, at_random(dice, [Fault.DEAD], 14)) as proxy:
            proxy.kill = server.restart
            found, _, said = through(scene, proxy.port).load(FILE)
        assert found == undisturbed.state, said
        assert server.deaths >= 2
        assert "does not answer: waiting" in said


@pytest.mark.parametrize("answer", ["no such table", "no room"])
def test_what_cannot_pass_is_said_at_once(
    answer: str, stage: Stage, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    scene = stage.scene("server", tmp_path)
    scene.write(FILE, odd_file())
    client = connect(stage.server)
    broken, mended = {
        "no such table": (
            "RENAME TABLE xapi.rejected_statements TO xapi.elsewhere",
            "RENAME TABLE xapi.elsewhere TO xapi.rejected_statements",
        ),
        # As a disk that is full refuses it, and before anything is written.
        "no room": (
            "ALTER TABLE xapi.statement_ids ADD CONSTRAINT room CHECK event_id = generateUUIDv4()",
            "ALTER TABLE xapi.statement_ids DROP CONSTRAINT room",
        ),
    }[answer]
    client.command(broken)
    try:
        code, said = scene.run("ingest", FILE)
    finally:
        client.command(mended)
        client.close()
    assert code == 1
    assert "waiting" not in said
    assert said.startswith("Error: ClickHouse refused: ")
    assert len(said.splitlines()) == 1
    found, _, said = scene.load(FILE)
    assert found == undisturbed.state, said
