with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where subject = 'enrollment'
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
    verb as enrollment_status,
    enrollment_mode
from statements
