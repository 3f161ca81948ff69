"""What the charts of each dashboard ask ClickHouse, as Superset words it.

The `.sql` files of this folder are written by Superset itself, of a course and, where a dashboard
is about one, of a learner; `tests/superset/test_chart_queries.py` keeps them as they would be
written now. `{course}`, `{learner}` and `{platform}` stand in quotes, for the values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
COURSE, LEARNER, PLATFORM = "{course}", "{learner}", "{platform}"
_QUERY = re.compile(r"^-- (?P<chart>\w+): (?P<title>.+)\n(?P<sql>[^;]+);$", re.MULTILINE)


@dataclass(frozen=True)
class ChartQuery:
    """What one chart asks."""

    chart: str
    title: str
    template: str

    def sql(self, course: str, learner: str = "", platform: str = "") -> str:
        """The SELECT about this course and learner."""
        text = self.template
        for place, value in ((COURSE, course), (LEARNER, learner), (PLATFORM, platform)):
            text = text.replace(place, value.replace("\\", "\\\\").replace("'", "\\'"))
        return text

    @property
    def text(self) -> str:
        """As it stands in the file of its dashboard."""
        return f"-- {self.chart}: {self.title}\n{self.template};\n"


def read(dashboard: str) -> list[ChartQuery]:
    """The queries of a dashboard's charts, in the order in which they are seen."""
    return parse((FOLDER / f"{dashboard}.sql").read_text(encoding="utf-8"))


def parse(text: str) -> list[ChartQuery]:
    """The queries in the text of a file."""
    return [ChartQuery(one["chart"], one["title"], one["sql"]) for one in _QUERY.finditer(text)]


def dashboards() -> list[str]:
    """The dashboards that have a file here."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))
