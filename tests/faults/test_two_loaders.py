"""Two loaders at once: nothing twice, and what both say adds up."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from loader.engine import connect
from tests.faults.conftest import (
    DONE_WITH_REJECTS,
    FILE,
    KILLED,
    Scene,
    Stage,
    Undisturbed,
    odd_file,
)
from tests.faults.state import state

SEED = 20261128
LANDED, DUPLICATES = 4, 5  # in a row of the state's loads


@pytest.fixture
def on_server(stage: Stage, tmp_path: Path) -> Scene:
    scene = stage.scene("server", tmp_path)
    scene.write(FILE, odd_file())
    return scene


@pytest.mark.parametrize("other", [FILE, "copy.jsonl"])
def test_two_loaders_on_one_content(
    other: str, on_server: Scene, stage: Stage, undisturbed: Undisturbed
) -> None:
    on_server.write(other, odd_file())
    both = [on_server.start("ingest", name) for name in (FILE, other)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [DONE_WITH_REJECTS] * 2, said
    client = connect(stage.server)
    found = state(client)
    client.close()
    expected = undisturbed.state
    # Whose name a statement has is who was first.
    assert [row[:3] for row in found["statements"]] == [row[:3] for row in expected["statements"]]
    assert found["index"] == expected["index"]
    assert found["wrong"] == {}
    assert len(found["loads"]) == 2
    distinct = len(expected["statements"])
    assert sum(load[LANDED] for load in found["loads"]) == distinct
    both_rows = [load[LANDED] + load[DUPLICATES] for load in found["loads"]]
    alone = expected["loads"][0]
    assert both_rows == [alone[LANDED] + alone[DUPLICATES]] * 2
    assert len(found["rejects"]) == 2 * len(expected["rejects"])


def test_one_of_two_is_killed(on_server: Scene, stage: Stage, undisturbed: Undisturbed) -> None:
    dice = random.Random(SEED)
    at = str(dice.randint(12, undisturbed.requests["server"] // 2))
    killed = on_server.start("ingest", FILE, FAULT_KILL_AT=at, FAULT_KILL_AFTER="500")
    on_server.write("other.jsonl", odd_file(seed=2))
    other = on_server.start("ingest", "other.jsonl")
    for process in (killed, other):
        process.communicate(timeout=120)
    assert (killed.returncode, other.returncode) == (KILLED, DONE_WITH_REJECTS)
    found, _, said = on_server.load(FILE)
    assert found["wrong"] == {}, said
    assert {row[0] for row in undisturbed.state["statements"]} <= {
        row[0] for row in found["statements"]
    }
    assert sum(load[LANDED] for load in found["loads"]) == len(found["statements"])


def test_who_comes_second_to_a_folder_is_told(
    stage: Stage, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    scene = stage.scene("embedded", tmp_path)
    scene.write(FILE, odd_file())
    both = [scene.start("ingest", FILE) for _ in range(2)]
    said = [process.communicate(timeout=120)[1].decode() for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([1, DONE_WITH_REJECTS], [DONE_WITH_REJECTS] * 2)  # or one after the other
    if codes[0] == 1:
        assert any("is in use by" in one for one in said)
        again, _, _ = scene.load(FILE)
        assert again["statements"] == undisturbed.state["statements"]
        assert again["wrong"] == {}
