with

object_tags as (
    select * from {{ ref('int_object_tags') }}
),

course_tags as (
    select * from {{ ref('bridge_course_tags') }}
),

block_tags as (
    select * from {{ ref('bridge_block_tags') }}
)

select
    object_id,
    taxonomy_id,
    taxonomy_name,
    tag_id,
    tag,
    lineage
from object_tags
where
    object_id not in (select course_key from course_tags)
    and object_id not in (select block_id from block_tags)
