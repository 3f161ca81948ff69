"""`kill -9` at any instant, again and again; then the same command ends as if it had been let."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.faults.conftest import FILE, KILLED, Scene, Stage, Undisturbed, odd_file

SEED = int(os.environ.get("FAULTS_SEED", "20261128"))
LOADS = 13  # on each engine
KILLS = 2  # of each load
LONGEST_MICROSECONDS = 30_000  # after a request has begun: some are over by then, some are not


def kill(scene: Scene, dice: random.Random, requests: int) -> str:
    """Run until it is killed; where that was, in words."""
    at = dice.randint(1, requests)
    after = int(LONGEST_MICROSECONDS ** dice.random())
    code, said = scene.run("ingest", FILE, FAULT_KILL_AT=str(at), FAULT_KILL_AFTER=str(after))
    assert code == KILLED, f"request {at}, {after} µs: {said}"
    return f"killed {after} µs after request {at} had begun"


@pytest.mark.parametrize("number", range(LOADS))
@pytest.mark.parametrize("engine", ["embedded", "server"])
def test_a_load_that_is_killed_goes_on(
    engine: str, number: int, stage: Stage, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    seed = f"{SEED} {engine} {number}"
    dice = random.Random(seed)
    scene = stage.scene(engine, tmp_path)
    scene.write(FILE, odd_file())
    # A load that goes on needs fewer requests: so the second comes early, the first anywhere.
    requests = undisturbed.requests[engine]
    points = [kill(scene, dice, most) for most in (requests - 4, 8)]
    found, _, said = scene.load(FILE)
    assert found == undisturbed.state, f"seed {seed!r} ({'; '.join(points)}): {said}"
