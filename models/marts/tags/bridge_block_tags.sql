with

tags as (
    select * from {{ ref('int_block_tags') }}
)

select
    org,
    course_key,
    course_name,
    course_run,
    block_id,
    block_name,
    block_type,
    taxonomy_id,
    taxonomy_name,
    tag_id,
    tag,
    lineage
from tags
