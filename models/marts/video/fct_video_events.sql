with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where subject = 'video'
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
    object_name as video_name,
    video_position,
    video_from,
    video_to,
    video_length,
    speed_from,
    speed_to,
    captions_enabled
from statements
