"""A generated million publishes the numbers that it published last time.

A change is a change of contract: it is named in CHANGELOG.md, and then

    pytest tests/consistency --write-published-numbers

writes the new numbers, whose difference is part of the commit.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from loader.generate import generate
from tests.consistency.published_numbers import OPTIONS, keep, kept, measured
from tests.reporting import dbt, published_relations
from tests.warehouse import Warehouse


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the generated million and its dumps."""
    folder = tmp_path_factory.mktemp("million")
    generate(folder, OPTIONS)
    return folder


@pytest.mark.long
def test_a_generated_million_publishes_what_it_did(
    warehouse: Warehouse, platform: Path, pytestconfig: pytest.Config
) -> None:
    warehouse.land_dumps(platform)
    warehouse.ingest_path(platform / "statements.jsonl")
    dbt(warehouse.settings, "run")
    now = measured(warehouse.client, published_relations())
    if pytestconfig.getoption("--write-published-numbers"):
        keep(now)
    assert now == kept()
