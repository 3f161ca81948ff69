{{ config(materialized='view') }}

with

blocks as (
    select * from {{ latest(source('event_sink', 'course_blocks')) }}
),

typed as (
    select
        cast(
            if({{ is_course_key('course_key') }}, {{ org('course_key') }}, blocks.org),
            'LowCardinality(String)'
        ) as org,
        cast(course_key, 'LowCardinality(String)') as course_key,
        location as block_id,
        display_name as block_name,
        coalesce(
            nullIf(JSONExtractString(xblock_data_json, 'block_type'), ''),
            extract(location, 'type@([^@+]+)\\+block@')
        ) as block_type,
        toUInt32(greatest(JSONExtractInt(xblock_data_json, 'section'), 0)) as section_number,
        toUInt32(greatest(JSONExtractInt(xblock_data_json, 'subsection'), 0)) as subsection_number,
        toUInt32(greatest(JSONExtractInt(xblock_data_json, 'unit'), 0)) as unit_number,
        JSONExtractBool(xblock_data_json, 'graded') as is_graded,
        JSONExtractBool(xblock_data_json, 'detached') as is_detached,
        JSONExtractString(xblock_data_json, 'completion_mode') as told_completion_mode,
        if(
            told_completion_mode in ('completable', 'aggregator', 'excluded'),
            told_completion_mode, ''
        ) as completion_mode,
        toInt32(`order`) as course_order,
        {{ moment('time_last_dumped') }} as dumped_at,
        dump_id
    from blocks
    where
        course_key != ''
        and location != ''
)

select * except (told_completion_mode) from typed
