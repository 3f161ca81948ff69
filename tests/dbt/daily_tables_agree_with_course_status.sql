with

days as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        count() as days_active,
        sum(fct_daily_learner_activity.seconds_on_task) as seconds_on_task,
        min(first_at) as first_active_at,
        max(last_at) as last_active_at
    from {{ ref('fct_daily_learner_activity') }}
    where course_key != ''
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
),

statuses as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        days_active,
        seconds_on_task,
        first_active_at,
        last_active_at
    from {{ ref('fct_learner_course_status') }}
),

both as (
    select * from days
    union all
    select * from statuses
)

-- What agrees is there twice.
select
    *,
    count() as row_count
from both
group by all
having row_count != 2
