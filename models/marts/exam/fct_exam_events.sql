with

exam_events as (
    select * from {{ ref('int_exam_events') }}
    where {{ is_retained('emission_time', ref('int_exam_events')) }}
)

select
    event_id,
    emission_time,
    org,
    course_key,
    actor_id,
    actor_home_page,
    object_id,
    block_id,
    verb,
    action,
    exam_kind,
    exam_name,
    time_limit_minutes,
    attempt_id
from exam_events
