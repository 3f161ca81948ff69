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

-- How many days after the first one each came.
placed as (
    select
        *,
        toUInt32(dateDiff('day', min(happened_on) over one_course, happened_on)) as place
    from by_day
    window one_course as (partition by org, course_key)
),

-- Every day has its place in the arrays, so that runs can be compared on any. What happened by day
-- is worked out but once so: with a join to all days it would be worked out for both sides.
courses_with_days as (
    select
        placed.org as org,
        placed.course_key as course_key,
        any(courses.course_name) as course_name,
        any(courses.course_run) as course_run,
        any(courses.tags) as tags,
        min(placed.happened_on) as first_day,
        max(placed.happened_on) as last_change,
        toDate32(any(courses.course_end)) as end_day,
        coalesce(toDate32(any(courses.course_start)), first_day) as start_day,
        if(
            end_day between last_change and toDate32(now64(6, 'UTC')),
            assumeNotNull(end_day),
            last_change
        ) as last_day,
        toUInt32(dateDiff('day', first_day, last_day)) + 1 as days,
        arrayCumSum(arrayResize(groupArrayInsertAt(placed.enrolled_change, place), days))
            as enrolled_so_far,
        arrayCumSum(arrayResize(groupArrayInsertAt(placed.passed_change, place), days))
            as passed_so_far,
        arrayResize(groupArrayInsertAt(placed.active_learners, place), days) as active_each_day,
        arrayResize(groupArrayInsertAt(placed.statements, place), days) as statements_each_day,
        arrayResize(groupArrayInsertAt(placed.seconds_on_task, place), days) as seconds_each_day
    from placed
    left any join courses
        on
            placed.org = courses.org
            and placed.course_key = courses.course_key
    group by
        org,
        course_key
),

each_day as (
    select
        org,
        course_key,
        course_name,
        course_run,
        tags,
        start_day,
        addDays(first_day, place) as happened_on,
        enrolled,
        passed_learners,
        active_learners,
        statements,
        seconds_on_task
    from courses_with_days
    array join
        range(days) as place,
        enrolled_so_far as enrolled,
        passed_so_far as passed_learners,
        active_each_day as active_learners,
        statements_each_day as statements,
        seconds_each_day as seconds_on_task
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
from each_day
