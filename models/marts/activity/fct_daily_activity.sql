with

learner_days as (
    select * from {{ latest(ref('int_learner_days')) }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

daily as (
    select
        org,
        course_key,
        active_on,
        sum(learner_days.statements) as statements,
        count() as active_learners,
        sum(learner_days.sessions) as sessions,
        sum(learner_days.seconds_on_task) as seconds_on_task
    from learner_days
    group by
        org,
        course_key,
        active_on
)

select
    daily.org as org,
    daily.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    daily.active_on as active_on,
    daily.statements as statements,
    daily.active_learners as active_learners,
    daily.sessions as sessions,
    daily.seconds_on_task as seconds_on_task
from daily
left any join courses
    on
        daily.org = courses.org
        and daily.course_key = courses.course_key
