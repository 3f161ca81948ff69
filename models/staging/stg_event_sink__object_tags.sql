{{ config(materialized='view') }}

with

object_tags as (
    select * from {{ latest(source('event_sink', 'object_tag')) }}
),

typed as (
    select
        object_id,
        tag as tag_id,
        _value as tag,
        {{ moment('time_last_dumped') }} as dumped_at
    from object_tags
    where object_id != ''
),

latest as (
    select
        object_id,
        max(dumped_at) as latest_dumped_at
    from typed
    group by object_id
)

select
    typed.object_id,
    typed.tag_id,
    typed.tag,
    typed.dumped_at
from typed
inner join latest
    on typed.object_id = latest.object_id
where typed.dumped_at = latest.latest_dumped_at
