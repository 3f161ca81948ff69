"""The published states in plain Python, written from the rules alone.

Nothing here knows the SQL: what dbt builds in ClickHouse is compared with this, row by row.
"""

from tests.oracle.completion import fct_course_funnel, fct_course_progress
from tests.oracle.course_blocks import dim_course_blocks
from tests.oracle.courses import dim_courses
from tests.oracle.enrollment import fct_enrollments
from tests.oracle.learner_course_status import fct_learner_course_status
from tests.oracle.pages import fct_page_engagement, fct_page_visits
from tests.oracle.problem_summaries import (
    fct_graded_subsection_results,
    fct_problem_difficulty,
    fct_problem_engagement,
)
from tests.oracle.problems import (
    fct_problem_attempts,
    fct_problem_responses,
    fct_problem_results,
)
from tests.oracle.statements import Landed, Live, Row, live_statements
from tests.oracle.video import (
    VideoRule,
    fct_video_engagement,
    fct_video_segments,
    fct_video_views,
)

__all__ = [
    "Landed",
    "Live",
    "Row",
    "VideoRule",
    "dim_course_blocks",
    "dim_courses",
    "fct_course_funnel",
    "fct_course_progress",
    "fct_enrollments",
    "fct_graded_subsection_results",
    "fct_learner_course_status",
    "fct_page_engagement",
    "fct_page_visits",
    "fct_problem_attempts",
    "fct_problem_difficulty",
    "fct_problem_engagement",
    "fct_problem_responses",
    "fct_problem_results",
    "fct_video_engagement",
    "fct_video_segments",
    "fct_video_views",
    "live_statements",
]
