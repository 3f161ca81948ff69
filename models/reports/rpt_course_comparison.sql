with

courses as (
    select * from {{ ref('dim_courses') }}
),

days as (
    select * from {{ ref('fct_daily_activity') }}
    where course_key != ''
),

enrollments as (
    select * from {{ ref('fct_enrollment_history') }}
),

statuses as (
    select * from {{ ref('fct_learner_course_status') }}
),

-- What changed on which day: coming and leaving, passing, being active.
changes as (
    select
        org,
        course_key,
        active_on as happened_on,
        0 as enrolled_change,
        0 as passed_change,
        active_learners,
        statements,
        seconds_on_task
    from days
    union all
    select
        org,
        course_key,
        toDate32(enrolled_from) as happened_on,
        1 as enrolled_change,
        0 as passed_change,
        0 as active_learners,
        0 as statements,
        0 as seconds_on_task
    from enrollments
    union all
    select
        org,
        course_key,
        toDate32(assumeNotNull(enrolled_to)) as happened_on,
        -1 as enrolled_change,
        0 as passed_change,
        0 as active_learners,
        0 as statements,
        0 as seconds_on_task
    from enrollments
    where enrolled_to is not null
    union all
    select
        org,
        course_key,
        toDate32(assumeNotNull(passing_state_at)) as happened_on,
        0 as enrolled_change,
        1 as passed_change,
        0 as active_learners,
        0 as statements,
        0 as seconds_on_task
    from statuses
    where passing_state = 'passed'
),

by_day as (
    select
        org,
        course_key,
        happened_on,
        sum(enrolled_change) as enrolled_change,
        sum(passed_change) as passed_change,
        sum(changes.active_learners) as active_learners,
        sum(changes.statements) as statements,
        sum(changes.seconds_on_task) as seconds_on_task
    from changes
    group by
        org,
        course_key,
        happened_on
),

so_far as (
    select
        *,
        sum(enrolled_change) over course_so_far as enrolled,
        sum(passed_change) over course_so_far as passed_learners,
        min(happened_on) over (partition by org, course_key) as first_day
    from by_day
    window
        course_so_far as (
            partition by org, course_key
            order by happened_on
            rows between unbounded preceding and current row
        )
)

select
    so_far.org as org,
    so_far.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    courses.tags as tags,
    dateDiff(
        'day', coalesce(toDate32(courses.course_start), so_far.first_day), so_far.happened_on
    ) as day_of_course,
    so_far.happened_on as happened_on,
    toUInt64(greatest(so_far.enrolled, 0)) as enrolled,
    toUInt64(so_far.passed_learners) as passed_learners,
    so_far.active_learners as active_learners,
    so_far.statements as statements,
    so_far.seconds_on_task as seconds_on_task
from so_far
left any join courses
    on
        so_far.org = courses.org
        and so_far.course_key = courses.course_key
