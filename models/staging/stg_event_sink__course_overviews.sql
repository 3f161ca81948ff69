{{ config(materialized='view') }}

with

overviews as (
    select * from {{ latest(source('event_sink', 'course_overviews')) }}
),

typed as (
    select
        cast(
            if({{ is_course_key('course_key') }}, {{ org('course_key') }}, overviews.org),
            'LowCardinality(String)'
        ) as org,
        cast(course_key, 'LowCardinality(String)') as course_key,
        display_name as course_name,
        {{ moment('course_start') }} as course_start,
        {{ moment('course_end') }} as course_end,
        {{ moment('enrollment_start') }} as enrollment_start,
        {{ moment('enrollment_end') }} as enrollment_end,
        lower(self_paced) in ('true', '1', 't') as is_self_paced,
        JSONExtractString(course_data_json, 'language') as language,
        {{ moment('modified') }} as modified_at,
        {{ moment('time_last_dumped') }} as dumped_at,
        dump_id
    from overviews
    where course_key != ''
),

latest as (
    select * from typed
    order by
        modified_at desc,
        dumped_at desc,
        dump_id desc
    limit 1 by course_key
)

select * from latest
