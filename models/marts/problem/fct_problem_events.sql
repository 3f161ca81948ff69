with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where subject = 'problem'
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
    {{ problem_id() }} as problem_id,
    verb,
    problem_part,
    {{ problem_kind() }} as kind,
    attempt,
    success,
    response,
    answers,
    score_scaled,
    score_raw,
    score_max,
    interaction_type,
    question
from statements
