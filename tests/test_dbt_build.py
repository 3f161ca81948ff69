"""`dbt build`, as its users run it: seeds, models, data tests and unit tests, on both engines."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from loader.generate import GeneratorOptions, generate
from tests.reporting import dbt
from tests.warehouse import Warehouse

STATEMENTS = 3000


@pytest.mark.long
def test_every_dbt_test_passes_on_a_first_build_and_on_the_next(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    options = GeneratorOptions(statements=STATEMENTS, duplicates=0.02, late=0.05, voided=0.01)
    made = generate(tmp_path / "platform", options)
    warehouse.land_dumps(made.statements_path.parent)
    with made.statements_path.open("rb") as lines:
        first = b"".join(itertools.islice(lines, STATEMENTS * 2 // 3))
        rest = lines.read()

    warehouse.ingest(first)
    dbt(warehouse.settings, "build")
    warehouse.ingest(rest)
    # Unit tests bring their own rows: what has landed changes nothing for them.
    dbt(warehouse.settings, "build", "--exclude-resource-type", "unit_test")
