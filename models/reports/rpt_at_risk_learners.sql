with

learners as (
    select * from {{ ref('rpt_learner_summary') }}
    where is_at_risk
)

select
    org,
    course_key,
    course_name,
    course_run,
    actor_id,
    actor_home_page,

    cast(
        arrayFilter(
            reason -> reason != '',
            [
                if(last_visited_at is null, 'never came', 'stopped coming'),
                if(course_grade < {{ var('at_risk_grade') }}, 'low grade', ''),
                if(progress < {{ var('at_risk_progress') }}, 'little progress', '')
            ]
        ),
        'Array(Enum8(
            \'never came\' = 1, \'stopped coming\' = 2, \'low grade\' = 3, \'little progress\' = 4
        ))'
    ) as reasons,
    dateDiff('day', coalesce(last_visited_at, first_enrolled_at), now64(6, 'UTC'))
        as days_since_last_visit,

    enrollment_mode,
    first_enrolled_at,
    course_grade,
    grade_bucket,
    passing_state,
    last_visited_at,
    last_active_at,
    days_active,
    seconds_on_task,
    blocks_completed,
    blocks_total,
    progress,
    problems_attempted,
    problems_solved,
    videos_viewed,
    videos_watched_entirely
from learners
