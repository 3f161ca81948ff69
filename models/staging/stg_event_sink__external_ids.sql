{{ config(materialized='view') }}

with

external_ids as (
    select * from {{ latest(source('event_sink', 'external_id')) }}
),

typed as (
    select
        toString(external_user_id) as external_user_id,
        user_id,
        username,
        {{ moment('time_last_dumped') }} as dumped_at,
        dump_id
    from external_ids
    where external_id_type = 'xapi'
),

latest as (
    select * from typed
    order by
        dumped_at desc,
        dump_id desc,
        external_user_id desc
    limit 1 by user_id
)

select * from latest
