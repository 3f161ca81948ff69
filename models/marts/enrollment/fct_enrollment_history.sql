with

learner_courses as (
    select * from {{ latest(ref('int_learner_courses')) }}
    where notEmpty(enrollment_changes)
),

courses as (
    select * from {{ ref('dim_courses') }}
),

-- Each change with the next: what is repeated, and what lasted no time, is no change.
changes as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        arrayFilter(
            (change, next) -> tupleElement(change, 1) < tupleElement(next, 1),
            enrollment_changes,
            arrayPushBack(
                arrayPopFront(enrollment_changes),
                (toDateTime64('2299-12-31 23:59:59.999999', 6, 'UTC'), '', '')
            )
        ) as lasting,
        arrayFilter(
            (change, previous) -> (tupleElement(change, 2), tupleElement(change, 3))
            != (tupleElement(previous, 2), tupleElement(previous, 3)),
            lasting,
            arrayPushFront(
                arrayPopBack(lasting), (toDateTime64(0, 6, 'UTC'), '', '')
            )
        ) as turns
    from learner_courses
),

periods as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        arrayJoin(
            arrayMap(
                (turn, next) -> (
                    tupleElement(turn, 1),
                    tupleElement(next, 1),
                    tupleElement(turn, 2),
                    tupleElement(turn, 3)
                ),
                turns,
                arrayPushBack(
                    arrayMap(
                        turn -> tuple(toNullable(tupleElement(turn, 1))), arrayPopFront(turns)
                    ),
                    tuple(null)
                )
            )
        ) as period
    from changes
)

select
    periods.org as org,
    periods.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    periods.actor_id as actor_id,
    periods.actor_home_page as actor_home_page,
    tupleElement(periods.period, 4) as enrollment_mode,
    tupleElement(periods.period, 1) as enrolled_from,
    tupleElement(periods.period, 2) as enrolled_to,
    cast(tupleElement(periods.period, 2) is null, 'Bool') as is_current
from periods
left any join courses
    on
        periods.org = courses.org
        and periods.course_key = courses.course_key
where tupleElement(periods.period, 3) = 'registered'
