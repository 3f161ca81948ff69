with

tags as (
    select * from {{ ref('stg_event_sink__tags') }}
),

taxonomies as (
    select * from {{ ref('stg_event_sink__taxonomies') }}
)

select
    tags.tag_id as tag_id,
    tags.tag as tag,
    tags.taxonomy_id as taxonomy_id,
    taxonomies.taxonomy_name as taxonomy_name,
    tags.parent_tag_id as parent_tag_id,
    tags.lineage[-2] as parent_tag,
    tags.lineage as lineage,
    tags.external_id as external_id
from tags
left any join taxonomies
    on tags.taxonomy_id = taxonomies.taxonomy_id
