{{ config(materialized='view') }}

with

overviews as (
    select * from {{ latest(source('event_sink', 'course_overviews')) }}
),

blocks as (
    select * from {{ latest(source('event_sink', 'course_blocks')) }}
),

dumped as (
    select
        course_key as object_id,
        course_data_json as data,
        time_last_dumped,
        dump_id
    from overviews
    union all
    select
        location as object_id,
        xblock_data_json as data,
        time_last_dumped,
        dump_id
    from blocks
),

listed as (
    select
        object_id,
        JSONExtractRaw(data, 'tags') as list,
        {{ dumped_at() }} as dumped_at,
        dump_id
    from dumped
    -- Older dumps list tags by name and taxonomy, or none.
    where match(list, '^\\[[\\d\\s,]*\\]$')
),

latest as (
    select
        object_id,
        JSONExtract(list, 'Array(Int64)') as tag_ids,
        dumped_at
    from listed
    order by
        dumped_at desc,
        dump_id desc
    limit 1 by object_id
)

select * from latest
