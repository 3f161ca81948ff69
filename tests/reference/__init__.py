"""What Open edX Aspects calls its relations, as SELECTs on our published tables.

`SELECTS` has those of each relation of its dbt project (openedx/aspects-dbt) that we know an
expected file of, with its columns: more than one where its releases count differently. They stand
on `reporting` and `reporting_pii` alone, and say where that project counts differently from our
own tables.
"""

from __future__ import annotations

from tests.reference import courses, engagement, events, learners, problems, visits

SELECTS: dict[str, tuple[str, ...]] = {
    name: (select,)
    for part in (events, courses, learners, visits, problems)
    for name, select in part.SELECTS.items()
} | engagement.SELECTS

__all__ = ["SELECTS"]
