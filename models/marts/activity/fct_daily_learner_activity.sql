with

learner_days as (
    select * from {{ latest(ref('int_learner_days')) }}
),

courses as (
    select * from {{ ref('dim_courses') }}
)

select
    learner_days.org as org,
    learner_days.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    learner_days.actor_id as actor_id,
    learner_days.actor_home_page as actor_home_page,
    learner_days.active_on as active_on,
    learner_days.statements as statements,
    learner_days.sessions as sessions,
    learner_days.seconds_on_task as seconds_on_task,
    learner_days.first_at as first_at,
    learner_days.last_at as last_at,
    learner_days.last_visited_at as last_visited_at
from learner_days
left any join courses
    on
        learner_days.org = courses.org
        and learner_days.course_key = courses.course_key
