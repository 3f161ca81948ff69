"""Show what the reports of a warehouse say about one course: the end of `make demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from loader.engine import connect
from loader.settings import load_settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# The course with the most learners.
COURSE = """
select course_key, any(course_name), any(course_run), count()
from reporting.fct_enrollments
group by course_key
order by count() desc, course_key
limit 1
"""

ENROLLMENT = """
select
    enrollment_mode,
    countIf(enrollment_status = 'registered') as registered,
    countIf(enrollment_status = 'unregistered') as unregistered
from reporting.fct_enrollments
where course_key = {course:String}
group by enrollment_mode
order by registered desc, enrollment_mode
"""

STATUS = """
select
    toString(passing_state) as passing_state,
    count() as learners,
    avg(course_grade) as average_grade,
    countIf(is_at_risk) as at_risk,
    toDate(max(last_visited_at)) as last_visit
from reporting.fct_learner_course_status
where course_key = {course:String}
group by passing_state
order by learners desc
"""

VIDEO = """
select
    video_name,
    any(video_length) as seconds,
    count() as viewers,
    avg(share_watched) as average_share,
    countIf(is_watched_entirely) as entirely,
    sum(seconds_rewatched) as rewatched
from reporting.fct_video_views
where course_key = {course:String}
group by object_id, video_name
order by viewers desc, video_name
limit 8
"""

TABLES = (
    ("Enrolment: fct_enrollments by mode", ENROLLMENT),
    ("Status: fct_learner_course_status by passing state", STATUS),
    ("Video: fct_video_views of the eight most watched videos", VIDEO),
)

NEXT = """\
What to try next (`source .venv/bin/activate` first):
  WAREHOUSE_PATH=demo/.warehouse loader status    what is in this warehouse
  loader ingest statements.jsonl                  load statements of yours
  dbt run                                         … and bring the reports up to date
  make docs                                       every table and column, explained
"""


def main() -> None:
    """Print enrolment, status and video tables of the largest course, and what to do next."""
    client = connect(load_settings())
    console = Console(highlight=False, soft_wrap=True, width=100)
    (course, name, run, learners), *_ = client.query(COURSE).result_rows
    console.print(f"\n[bold]{name}[/bold], run {run}: {learners} learners\n{course}\n")
    for title, sql in TABLES:
        console.print(_table(client, title, sql, course))
    console.print(NEXT, end="")


def _table(client: Client, title: str, sql: str, course: str) -> Table:
    result = client.query(sql, parameters={"course": course})
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for name, value in zip(result.column_names, result.result_rows[0], strict=True):
        heading = name.replace("_", " ")
        table.add_column(
            heading, justify="left" if isinstance(value, str) else "right", no_wrap=True
        )
    for row in result.result_rows:
        table.add_row(*map(_text, row))
    return table


def _text(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
