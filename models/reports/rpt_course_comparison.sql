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

courses_with_days as (
    select
        by_day.org as org,
        by_day.course_key as course_key,
        any(courses.course_name) as course_name,
        any(courses.course_run) as course_run,
        any(courses.tags) as tags,
        min(by_day.happened_on) as first_day,
        max(by_day.happened_on) as last_change,
        toDate32(any(courses.course_end)) as end_day,
        coalesce(toDate32(any(courses.course_start)), first_day) as start_day,
        if(end_day between last_change and today(), assumeNotNull(end_day), last_change)
            as last_day
    from by_day
    left any join courses
        on
            by_day.org = courses.org
            and by_day.course_key = courses.course_key
    group by
        org,
        course_key
),

-- Every day has a row, so that runs can be compared on any.
every_day as (
    select
        * except (first_day, last_change, end_day, last_day),
        arrayJoin(
            arrayMap(
                day -> addDays(first_day, day),
                range(toUInt32(dateDiff('day', first_day, last_day)) + 1)
            )
        ) as happened_on
    from courses_with_days
),

so_far as (
    select
        every_day.org as org,
        every_day.course_key as course_key,
        every_day.course_name as course_name,
        every_day.course_run as course_run,
        every_day.tags as tags,
        every_day.start_day as start_day,
        every_day.happened_on as happened_on,
        by_day.active_learners as active_learners,
        by_day.statements as statements,
        by_day.seconds_on_task as seconds_on_task,
        sum(by_day.enrolled_change) over course_so_far as enrolled,
        sum(by_day.passed_change) over course_so_far as passed_learners
    from every_day
    left any join by_day
        on
            every_day.org = by_day.org
            and every_day.course_key = by_day.course_key
            and every_day.happened_on = by_day.happened_on
    window
        course_so_far as (
            partition by every_day.org, every_day.course_key
            order by every_day.happened_on
            rows between unbounded preceding and current row
        )
)

select
    org,
    course_key,
    course_name,
    course_run,
    tags,
    dateDiff('day', start_day, happened_on) as day_of_course,
    happened_on,
    toUInt64(greatest(enrolled, 0)) as enrolled,
    toUInt64(passed_learners) as passed_learners,
    active_learners,
    statements,
    seconds_on_task
from so_far
