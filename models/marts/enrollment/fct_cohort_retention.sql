with

learner_courses as (
    select * from {{ latest(ref('int_learner_courses')) }}
    where first_enrolled_at is not null
),

courses as (
    select * from {{ ref('dim_courses') }}
),

cohorts as (
    select
        org,
        course_key,
        toMonday(assumeNotNull(first_enrolled_at)) as enrolled_week,
        count() as enrolled
    from learner_courses
    group by
        org,
        course_key,
        enrolled_week
),

returns as (
    select
        org,
        course_key,
        toMonday(assumeNotNull(first_enrolled_at)) as enrolled_week,
        arrayJoin(
            arrayDistinct(
                arrayMap(
                    active_on -> intDiv(dateDiff('day', enrolled_week, toMonday(active_on)), 7),
                    active_days
                )
            )
        ) as week
    from learner_courses
),

retained as (
    select
        org,
        course_key,
        enrolled_week,
        week,
        count() as active_learners
    from returns
    where week >= 0
    group by
        org,
        course_key,
        enrolled_week,
        week
)

select
    cohorts.org as org,
    cohorts.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    cohorts.enrolled_week as enrolled_week,
    toUInt32(retained.week) as weeks_since,
    cohorts.enrolled as enrolled,
    retained.active_learners as active_learners,
    retained.active_learners / cohorts.enrolled as share_active
from retained
inner join cohorts
    on
        retained.org = cohorts.org
        and retained.course_key = cohorts.course_key
        and retained.enrolled_week = cohorts.enrolled_week
left any join courses
    on
        retained.org = courses.org
        and retained.course_key = courses.course_key
