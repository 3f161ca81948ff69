"""The reference tables staging reads: verbs, activity types, subjects.

They belong to dbt (`seeds/`, `dbt seed` replaces them). We make them where they are
missing, so that a plain `dbt run` works on a new warehouse.
"""

from __future__ import annotations

import csv
from pathlib import Path

from loader.engine import quoted
from loader.errors import LoaderError
from loader.schema.tables import RAW
from loader.settings import Settings, Target

NAMES = ("verbs", "activity_types", "subjects")

_PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = (_PACKAGE / "seeds", _PACKAGE.parent / "seeds")  # installed, or in the repository


def reference_tables(settings: Settings) -> list[str]:
    """The statements that make and fill what is missing, in an order that may be cut short.

    Raises LoaderError when the files are not where this package was installed.
    """
    cluster = f" ON CLUSTER `{settings.cluster}`" if settings.target is Target.CLUSTER else ""
    statements = []
    for name in NAMES:
        text = _seed(name).read_text(encoding="utf-8")
        columns = next(csv.reader(text.splitlines()))
        types = ", ".join(f"{column} String" for column in columns)
        rows = f"SELECT * FROM format(CSVWithNames, {quoted(types)}, {quoted(text)})"
        table = f"{RAW}.{name}"
        statements += [
            # On a cluster each node runs this for itself, so each has all rows.
            f"CREATE TABLE IF NOT EXISTS {table}{cluster} ({types}) "
            f"ENGINE = MergeTree ORDER BY tuple() AS {rows}",
            # For a table that was made but not filled.
            f"INSERT INTO {table} ({', '.join(columns)}) {rows} "
            f"WHERE (SELECT count() FROM {table}) = 0",
        ]
    return statements


def _seed(name: str) -> Path:
    for folder in FOLDERS:
        path = folder / f"{name}.csv"
        if path.is_file():
            return path
    raise LoaderError(f"The file seeds/{name}.csv is missing: install xapi-warehouse again.")
