with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where subject = 'grade'
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
    cast(
        if({{ is_about_the_course() }}, 'course', 'subsection'),
        'Enum8(\'course\' = 1, \'subsection\' = 2)'
    ) as level,
    score_scaled,
    score_raw,
    score_max,
    letter_grade
from statements
