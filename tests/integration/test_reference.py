"""Every relation of Aspects that we compare with is a SELECT that answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from loader.generate import GeneratorOptions, generate
from tests.reference import SELECTS
from tests.reporting import dbt
from tests.warehouse import Warehouse


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_every_relation_of_aspects_has_rows(warehouse: Warehouse, tmp_path: Path) -> None:
    made = generate(tmp_path / "platform", GeneratorOptions(statements=3_000, learners=40))
    warehouse.land_dumps(made.statements_path.parent)
    warehouse.ingest_path(made.statements_path)
    dbt(warehouse.settings, "run")
    empty = {
        name
        for name, selects in SELECTS.items()
        for select in selects
        if not warehouse.rows(select)
    }
    assert not empty
