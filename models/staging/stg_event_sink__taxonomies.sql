{{ config(materialized='view') }}

with

taxonomies as (
    select * from {{ latest(source('event_sink', 'taxonomy')) }}
),

typed as (
    select
        id as taxonomy_id,
        name as taxonomy_name,
        {{ dumped_at() }} as dumped_at,
        dump_id
    from taxonomies
),

latest as (
    select * from typed
    order by
        dumped_at desc,
        dump_id desc
    limit 1 by taxonomy_id
)

select * from latest
