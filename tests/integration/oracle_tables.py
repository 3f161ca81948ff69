"""Compare published tables with what plain Python makes of the same statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tests import oracle
from tests.oracle import Landed, VideoRule
from tests.reporting import records

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Row = dict[str, Any]


def assert_tables_match_oracle(
    client: Client, statements: Sequence[Landed], rule: VideoRule | None = None
) -> None:
    """Every table that the oracle knows, on the columns that it knows."""
    rule = rule or VideoRule()
    history = list(statements)
    blocks = _dump(client, "course_blocks")
    expected: dict[str, list[Row]] = {
        "fct_enrollments": oracle.fct_enrollments(history),
        "fct_learner_course_status": oracle.fct_learner_course_status(history),
        "fct_video_views": oracle.fct_video_views(history, rule=rule),
        "fct_video_segments": oracle.fct_video_segments(history, rule=rule),
        "fct_problem_attempts": oracle.fct_problem_attempts(history),
        "fct_problem_results": oracle.fct_problem_results(history),
        "fct_problem_responses": oracle.fct_problem_responses(history),
        "fct_problem_difficulty": oracle.fct_problem_difficulty(history),
        "fct_problem_engagement": oracle.fct_problem_engagement(history, blocks),
        "fct_graded_subsection_results": oracle.fct_graded_subsection_results(history, blocks),
        "dim_courses": oracle.dim_courses(history, _dump(client, "course_overviews")),
        "dim_course_blocks": oracle.dim_course_blocks(history, blocks),
        "fct_page_visits": oracle.fct_page_visits(history, blocks),
        "fct_page_engagement": oracle.fct_page_engagement(history, blocks),
        "fct_video_engagement": oracle.fct_video_engagement(history, blocks),
        "fct_course_progress": oracle.fct_course_progress(history, blocks),
        "fct_course_funnel": oracle.fct_course_funnel(history, blocks),
    }
    for relation, rows in expected.items():
        found = records(client, relation)
        columns = list(rows[0]) if rows else []
        want = Counter(_comparable(row, columns) for row in rows)
        have = Counter(_comparable(row, columns) for row in found)
        assert not want - have, f"{relation} lacks {next(iter(want - have))}"
        assert len(rows) == len(found), f"{relation} has {next(iter(have - want), found[:1])}"


def _dump(client: Client, table: str) -> list[dict[str, str]]:
    rows = client.query(f"SELECT * FROM event_sink.{table}").named_results()
    return [{name: str(value) for name, value in row.items()} for row in rows]


def _comparable(row: Row, columns: list[str]) -> tuple[str, ...]:
    return tuple(repr(_plain(row[column])) for column in columns)


def _plain(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=timezone.utc)
    if isinstance(value, float):
        return round(value, 6) + 0.0  # so that -0.0 is 0.0
    return value
