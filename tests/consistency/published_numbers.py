"""Every published table of a warehouse as a few numbers: its rows, and the sum of each number."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from loader.generate import GeneratorOptions

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

KEPT = Path(__file__).with_name("published_numbers.csv")
OPTIONS = GeneratorOptions(
    statements=1_000_000, seed=1, duplicates=0.005, late=0.02, shuffled=0.05, voided=0.001
)
NUMBERS = ("UInt", "Int", "Float", "Bool")
SIGNIFICANT_DIGITS = 9
# What goes on by itself day after day is measured to the end of the generated period.
GROWS_TO_TODAY = ("reporting.rpt_course_comparison", "reporting.rpt_enrollment_growth")
COUNTED_FROM_TODAY = "days_since_last_visit"


class Measure(NamedTuple):
    """`measure` is `rows`, or a column whose numbers are summed."""

    relation: str
    measure: str
    value: str


def measured(client: Client, relations: list[str]) -> list[Measure]:
    """The measures of relations (`database.name`), in the order given."""
    return [one for relation in relations for one in _measures_of(client, relation)]


def kept() -> list[Measure]:
    """The measures as they were when the file was last written."""
    with KEPT.open(encoding="utf-8", newline="") as lines:
        return [Measure(**row) for row in csv.DictReader(lines)]


def keep(measures: list[Measure]) -> None:
    """Write them for the next time."""
    with KEPT.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(Measure._fields)
        writer.writerows(measures)


def _measures_of(client: Client, relation: str) -> list[Measure]:
    described = client.query(f"DESCRIBE TABLE {relation}").result_rows
    columns = [
        name
        for name, kind, *_ in described
        if kind.removeprefix("Nullable(").startswith(NUMBERS) and name != COUNTED_FROM_TODAY
    ]
    sums = ", ".join(f"sum(toFloat64(`{column}`))" for column in columns)
    days = f" WHERE happened_on <= '{OPTIONS.until}'" if relation in GROWS_TO_TODAY else ""
    (values,) = client.query(f"SELECT count(), {sums or '0'} FROM {relation}{days}").result_rows
    names = ["rows", *columns]
    return [
        Measure(relation, name, _written(value)) for name, value in zip(names, values, strict=False)
    ]


def _written(value: float | None) -> str:
    """A number as text; the last digits of a sum depend on its order."""
    return "" if value is None else f"{value:.{SIGNIFICANT_DIGITS}g}"
