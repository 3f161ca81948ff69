"""Learners and their standing in courses as Aspects has them."""

from __future__ import annotations

# Whom the profiles know: those names, else none.
PEOPLE = """
    select actor_id, actor_home_page, username, name, email
    from reporting_pii.dim_learner_profiles
"""

# Whoever passed without a score said in the same statement keeps the grade there was.
_GRADES = """
    select
        org,
        course_key,
        actor_id,
        argMax(score_scaled, (grades.emission_time, UUIDToNum(event_id))) as course_grade,
        max(grades.emission_time) as emission_time
    from reporting.fct_grade_events as grades
    where level = 'course' and verb != 'passed' and score_scaled is not null
    group by org, course_key, actor_id
"""

SELECTS = {
    "dim_user_pii": """
        select actor_id as external_user_id, username, name, email
        from reporting_pii.dim_learner_profiles
        where actor_kind = 'account'
    """,
    "dim_most_recent_enrollment": """
        select
            org, course_key, actor_id, enrollment_status, enrollment_mode, emission_time
        from reporting.fct_enrollments
    """,
    "dim_learner_last_course_visit": """
        select org, course_key, actor_id, last_visited_at as emission_time
        from reporting.fct_learner_course_status
        where last_visited_at is not null
    """,
    "dim_learner_most_recent_course_grade": _GRADES,
    "dim_learner_most_recent_course_state": """
        select
            org,
            course_key,
            actor_id,
            passing_state_at as emission_time,
            passing_state as approving_state
        from reporting.fct_learner_course_status
        where passing_state != 'not graded yet'
    """,
    # There, who has no grade has 0 and has failed, and a grade is of single precision.
    "dim_student_status": f"""
        select
            status.org as org,
            status.course_key as course_key,
            status.actor_id as actor_id,
            status.course_name as course_name,
            status.course_run as course_run,
            if(status.passing_state = 'passed', 'passed', 'failed') as approving_state,
            status.enrollment_mode as enrollment_mode,
            status.enrollment_status as enrollment_status,
            toFloat32(ifNull(grades.course_grade, 0)) as course_grade,
            multiIf(
                course_grade >= 0.9, '90-100%',
                course_grade < 0.1, '0-9%',
                concat(
                    toString(floor(course_grade * 10) * 10), '-',
                    toString(floor(course_grade * 10) * 10 + 9), '%'
                )
            ) as grade_bucket,
            people.username as username,
            people.name as name,
            people.email as email,
            status.enrollment_changed_at as enrolled_at
        from reporting.fct_learner_course_status as status
        left join ({_GRADES}) as grades using (org, course_key, actor_id)
        left join ({PEOPLE}) as people using (actor_id, actor_home_page)
        where status.enrollment_status != ''
    """,
}
