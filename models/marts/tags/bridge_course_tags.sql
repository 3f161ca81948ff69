with

tags as (
    select * from {{ ref('int_course_tags') }}
)

select
    org,
    course_key,
    course_name,
    course_run,
    taxonomy_id,
    taxonomy_name,
    tag_id,
    tag,
    lineage
from tags
