with

exam_events as (
    select
        *,
        {{ happened() }} as happened
    from {{ ref('int_exam_events') }}
    where
        course_key != ''
        and actor_id != ''
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

attempts as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        object_id,
        attempt_id,
        max(exam_events.block_id) as block_id,
        argMax(exam_events.exam_kind, happened) as exam_kind,
        argMaxIf(exam_events.exam_name, happened, exam_events.exam_name != '') as exam_name,
        argMaxOrNullIf(
            assumeNotNull(exam_events.time_limit_minutes),
            happened,
            exam_events.time_limit_minutes is not null
        ) as time_limit_minutes,
        minOrNullIf(emission_time, action = 'started') as started_at,
        maxOrNullIf(emission_time, action = 'submitted') as submitted_at
    from exam_events
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        object_id,
        attempt_id
),

timed as (
    select
        *,
        if(
            submitted_at >= started_at,
            (toUnixTimestamp64Micro(submitted_at) - toUnixTimestamp64Micro(started_at)) / 1000000,
            null
        ) as seconds
    from attempts
)

select
    timed.org as org,
    timed.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    timed.actor_id as actor_id,
    timed.actor_home_page as actor_home_page,
    timed.object_id as object_id,
    timed.attempt_id as attempt_id,
    timed.block_id as block_id,
    if(blocks.block_name != '', blocks.block_name, timed.exam_name) as exam_name,
    blocks.hierarchy_location as hierarchy_location,
    blocks.section_name as section_name,
    timed.exam_kind as exam_kind,
    timed.time_limit_minutes as time_limit_minutes,
    timed.started_at as started_at,
    timed.submitted_at as submitted_at,
    cast(timed.submitted_at is not null, 'Bool') as is_submitted,
    timed.seconds as seconds,
    cast(timed.seconds > timed.time_limit_minutes * 60, 'Nullable(Bool)') as is_over_time
from timed
left any join blocks
    on
        timed.org = blocks.org
        and timed.course_key = blocks.course_key
        and timed.block_id = blocks.block_id
left any join courses
    on
        timed.org = courses.org
        and timed.course_key = courses.course_key
