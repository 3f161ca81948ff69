with

blocks as (
    select * from {{ ref('int_course_blocks') }}
)

select
    org,
    course_key,
    course_name,
    course_run,
    block_id,
    block_type,
    block_name,
    section_number,
    subsection_number,
    unit_number,
    hierarchy_location,
    course_order,
    is_graded,
    is_completable,
    is_current,
    section_block_id,
    section_name,
    subsection_block_id,
    subsection_name,
    is_in_catalogue
from blocks
