with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where
        subject != 'voiding'
        and (subject = 'other' or course_key = '' or actor_id = '')
)

select
    source,
    verb_id,
    verb,
    activity_type_id,
    count() as statements,
    countIf(subject = 'other') as without_subject,
    countIf(course_key = '') as without_course,
    countIf(actor_id = '') as without_actor,
    min(emission_time) as first_emission_time,
    max(emission_time) as last_emission_time,
    argMax(event_id, {{ happened() }}) as last_event_id
from statements
group by
    source,
    verb_id,
    verb,
    activity_type_id
