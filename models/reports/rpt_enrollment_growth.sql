with

enrollments as (
    select * from {{ ref('fct_enrollment_history') }}
),

changes as (
    select
        org,
        course_key,
        course_name,
        course_run,
        enrollment_mode,
        toDate32(enrolled_from) as changed_on,
        1 as began,
        0 as ended
    from enrollments
    union all
    select
        org,
        course_key,
        course_name,
        course_run,
        enrollment_mode,
        toDate32(assumeNotNull(enrolled_to)) as changed_on,
        0 as began,
        1 as ended
    from enrollments
    where enrolled_to is not null
),

by_day as (
    select
        org,
        course_key,
        course_name,
        course_run,
        enrollment_mode,
        changed_on,
        sum(changes.began) as began,
        sum(changes.ended) as ended
    from changes
    group by
        org,
        course_key,
        course_name,
        course_run,
        enrollment_mode,
        changed_on
),

so_far as (
    select
        *,
        sum(began) over mode_so_far as began_so_far,
        sum(ended) over mode_so_far as ended_so_far,
        leadInFrame(changed_on, 1, toDate32(now64(6, 'UTC')) + 1) over (
            partition by org, course_key, enrollment_mode
            order by changed_on
            rows between unbounded preceding and unbounded following
        ) as next_change_on
    from by_day
    window
        mode_so_far as (
            partition by org, course_key, enrollment_mode
            order by changed_on
            rows between unbounded preceding and current row
        )
),

-- Days without a change are there too, so that lines over time have no holes.
days as (
    select
        *,
        arrayJoin(
            range(toUInt32(greatest(dateDiff('day', changed_on, next_change_on), 1)))
        ) as days_since
    from so_far
)

select
    org,
    course_key,
    course_name,
    course_run,
    enrollment_mode,
    changed_on + days_since as happened_on,
    toUInt64(began_so_far) as enrollments_so_far,
    toUInt64(began_so_far - ended_so_far) as enrolled
from days
