with

learner_courses as (
    select * from {{ latest(ref('int_learner_courses')) }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

{% set days = var('at_risk_days') %}
standing as (
    select
        *,
        cast(
            if(grade_verdict = '', 'not graded yet', grade_verdict),
            'Enum8(\'failed\' = 0, \'passed\' = 1, \'not graded yet\' = 2)'
        ) as passing_state,
        now64(6, 'UTC') - interval {{ days }} day as a_while_ago
    from learner_courses
)

select
    standing.org as org,
    standing.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    standing.actor_id as actor_id,
    standing.actor_home_page as actor_home_page,

    standing.enrollment_status as enrollment_status,
    standing.enrollment_mode as enrollment_mode,
    standing.first_enrolled_at as first_enrolled_at,
    standing.enrollment_changed_at as enrollment_changed_at,

    standing.course_grade as course_grade,
    standing.graded_at as graded_at,
    {{ grade_bucket('standing.course_grade') }} as grade_bucket,
    standing.passing_state as passing_state,
    standing.passing_state_at as passing_state_at,

    standing.first_active_at as first_active_at,
    standing.last_active_at as last_active_at,
    standing.last_visited_at as last_visited_at,
    length(standing.active_days) as days_active,
    standing.seconds_on_task as seconds_on_task,
    cast(standing.last_active_at >= standing.a_while_ago, 'Bool') as is_active,
    cast(
        standing.enrollment_status = 'registered'
        and standing.passing_state != 'passed'
        and coalesce(standing.last_visited_at, standing.enrollment_changed_at)
        < standing.a_while_ago,
        'Bool'
    ) as is_at_risk
from standing
left any join courses
    on
        standing.org = courses.org
        and standing.course_key = courses.course_key
