{{ config(materialized='view') }}

with

statements as (
    select * from {{ history() }}
    where subject = 'exam'
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
        if(verb = 'terminated', 'submitted', 'started'),
        'Enum8(\'started\' = 1, \'submitted\' = 2)'
    ) as action,
    cast(substringIndex(activity_type, ' ', 1), 'LowCardinality(String)') as exam_kind,
    object_name as exam_name,
    nullIf(time_limit, 0) as time_limit_minutes,
    grouping_id as attempt_id
from statements
