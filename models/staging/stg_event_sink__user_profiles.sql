{{ config(materialized='view') }}

with

profiles as (
    select * from {{ latest(source('event_sink', 'user_profile')) }}
),

typed as (
    select
        user_id,
        name,
        username,
        email,
        country,
        language,
        toUInt16OrNull(year_of_birth) as year_of_birth,
        gender,
        level_of_education,
        {{ moment('time_last_dumped') }} as dumped_at,
        dump_id
    from profiles
),

latest as (
    select * from typed
    order by
        dumped_at desc,
        dump_id desc
    limit 1 by user_id
)

select * from latest
