{{ config(materialized='view') }}

with

units as (
    select * from {{ ref('int_course_blocks') }}
    where
        block_type = 'vertical'
        and is_current
        and section_number > 0
        and subsection_block_id != ''
        and unit_number > 0
)

select
    course_key,
    subsection_block_id as block_id,
    toInt32(unit_number) as tab,
    argMin(units.block_id, (course_order, units.block_id)) as page_block_id
from units
group by
    course_key,
    subsection_block_id,
    unit_number
