{{ config(materialized='view') }}

with

tags as (
    select * from {{ latest(source('event_sink', 'tag')) }}
),

typed as (
    select
        taxonomy as taxonomy_id,
        id as tag_id,
        parent as parent_tag_id,
        value,
        external_id,
        {{ lineage_of('lineage', 'value') }} as lineage,
        {{ dumped_at() }} as dumped_at,
        dump_id
    from tags
),

{{ latest_items(
    'typed',
    whole='taxonomy_id',
    item=['tag_id'],
    details=['parent_tag_id', 'value', 'external_id', 'lineage'],
) }}

select
    tag_id,
    taxonomy_id,
    parent_tag_id,
    value as tag,
    external_id,
    lineage,
    last_dumped_at
from latest
where is_present
-- A tag that was moved is in the taxonomy that it was moved to.
order by
    last_dumped_at desc,
    taxonomy_id desc
limit 1 by tag_id
