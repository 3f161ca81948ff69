with

forum_events as (
    select * from {{ ref('int_forum_events') }}
    where {{ is_retained('emission_time', ref('int_forum_events')) }}
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
    level,
    post_id,
    thread_id,
    title,
    thread_type,
    vote
from forum_events
