with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where subject != 'voiding'
)

select
    event_id,
    emission_time,
    org,
    course_key,
    actor_id,
    actor_home_page,
    verb_id,
    verb,
    subject,
    object_id,
    object_name,
    activity_type_id,
    activity_type,
    block_id,
    success,
    completion,
    score_scaled,
    score_raw,
    score_min,
    score_max,
    response,
    duration_seconds,
    registration,
    session_id,
    platform,
    language,
    source
from statements
