"""People of the tests of access in Superset, and what each of them asks as themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loader.errors import LoaderError
from loader.superset import Superset

Row = dict[str, Any]
KEYS = ("org", "course_key", "actor_id", "actor_home_page")
ROWS: Row = {"expressionType": "SQL", "sqlExpression": "count()", "label": "rows"}


@dataclass
class Person:
    """Somebody who has logged in, and asks over HTTP as the browser does."""

    name: str
    server: Superset
    numbers: Mapping[str, int]  # of datasets, by `database.name`

    def ask(self, of: str, **query: Any) -> list[Row]:
        """Rows of a chart on a relation. Raises LoaderError when it is refused."""
        return list(self.answer(of, **query)["data"])

    def answer(self, of: str, *, form: Row | None = None, **query: Any) -> Row:
        """The whole answer to a chart's one query."""
        body = self.body(of, **query) | ({"form_data": form} if form else {})
        result: Row = self.server.post("chart/data", body)["result"][0]
        return result

    def body(self, of: str, **query: Any) -> Row:
        """What the browser sends for a chart."""
        return {
            "datasource": {"id": self.numbers[of], "type": "table"},
            "queries": [{"row_limit": 100_000} | query],
            "result_format": "json",
            "result_type": "full",
        }

    def is_refused(self, of: str, **query: Any) -> bool:
        """Whether the person may not ask a relation at all."""
        try:
            self.ask(of, **({"columns": [], "metrics": [ROWS]} | query))
        except LoaderError as error:
            return "403" in str(error) or "not allow" in str(error) or "404" in str(error)
        return False
