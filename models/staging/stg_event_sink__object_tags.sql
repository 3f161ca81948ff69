{{ config(materialized='view') }}

with

object_tags as (
    select * from {{ latest(source('event_sink', 'object_tag')) }}
),

typed as (
    select
        object_id,
        taxonomy as taxonomy_id,
        tag as tag_id,
        -- A tag of a free taxonomy has no number.
        if(tag_id = 0, _value, '') as free_tag,
        _value as value,
        {{ lineage_of('lineage', '_value') }} as lineage,
        {{ dumped_at() }} as dumped_at,
        dump_id
    from object_tags
    where object_id != ''
),

{{ latest_items(
    'typed',
    whole='object_id',
    item=['taxonomy_id', 'tag_id', 'free_tag'],
    details=['value', 'lineage'],
) }}

select
    object_id,
    taxonomy_id,
    tag_id,
    value as tag,
    lineage,
    last_dumped_at,
    is_present
from latest
