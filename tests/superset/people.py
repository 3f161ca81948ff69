"""People of the tests of access in Superset, and what each of them asks as themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loader.superset import Superset

Row = dict[str, Any]
KEYS = ("org", "course_key", "actor_id", "actor_home_page")
REFUSED = (401, 403, 404)
ROWS: Row = {"expressionType": "SQL", "sqlExpression": "count()", "label": "rows"}


@dataclass
class Person:
    """Somebody who has logged in, and asks over HTTP as the browser does."""

    name: str
    server: Superset
    numbers: Mapping[str, int]  # of datasets, by `database.name`

    def ask(self, of: str, **query: Any) -> list[Row]:
        """Rows of a chart on a relation. Raises LoaderError when it is refused."""
        answer = self.server.post("chart/data", self.body(of, **query))
        return list(answer["result"][0]["data"])

    def body(self, of: str, **query: Any) -> Row:
        """What the browser sends for a chart."""
        return {
            "datasource": {"id": self.numbers[of], "type": "table"},
            "queries": [{"row_limit": 100_000} | query],
            "result_format": "json",
            "result_type": "full",
        }

    def text(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and text of an answer, whatever it is."""
        content = {} if body is None else {"json": body}
        # The library raises what is refused; here the refusal is what is looked at.
        answer = self.server._pool.request(
            method, f"{self.server.url}/api/v1/{path}", headers=self.server._headers, **content
        )
        return answer.status, answer.data.decode(errors="replace")

    def is_refused(self, of: str) -> bool:
        """Whether the person may not ask a relation at all."""
        body = self.body(of, columns=[], metrics=[ROWS])
        return self.text("POST", "chart/data", body)[0] in REFUSED
