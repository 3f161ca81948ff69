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
    verb,
    problem_part,
    cast(
        multiIf(
            verb = 'evaluated', 'evaluation',
            verb != 'asked', 'attempt',
            activity_type = 'hint' or match(object_id, '/hint/\\d+$'), 'hint',
            'answer shown'
        ),
        'Enum8(\'attempt\' = 1, \'evaluation\' = 2, \'hint\' = 3, \'answer shown\' = 4)'
    ) as kind,
    attempt,
    success,
    response,
    score_scaled,
    score_raw,
    score_max,
    interaction_type,
    question
from statements
