with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where subject = 'navigation'
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
    object_name,
    starting_position,
    ending_point,
    total_items,
    if(activity_type = 'link', object_id, '') as target_link
from statements
