with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where subject = 'completion'
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
    activity_type,
    statements.progress / 100 as progress,
    {{ completion_of('statements') }} as is_completed
from statements
