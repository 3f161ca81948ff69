{{ config(materialized='view') }}

with

units as (
    select
        course_key,
        block_id,
        section_number,
        subsection_number,
        subsection_block_id,
        toInt32(unit_number) as tab,
        toUInt32(
            row_number() over (partition by course_key order by course_order, block_id)
        ) as page_number
    from {{ ref('int_course_blocks') }}
    where
        block_type = 'vertical'
        and is_current
        and section_number > 0
),

sequences as (
    select
        course_key,
        subsection_block_id,
        section_number,
        subsection_number,
        arraySort(groupArray((tab, page_number, block_id))) as pages
    from units
    where subsection_block_id != ''
    group by
        course_key,
        subsection_block_id,
        section_number,
        subsection_number
),

both as (
    select
        course_key,
        subsection_block_id as block_id,
        section_number,
        subsection_number,
        pages
    from sequences
    union all
    -- Statements about a unit have no tab.
    select
        course_key,
        block_id,
        section_number,
        subsection_number,
        [(toInt32(0), page_number, block_id)] as pages
    from units
)

select
    course_key,
    block_id,
    section_number,
    subsection_number,
    arrayMap(page -> page.1, pages) as tabs,
    arrayMap(page -> page.2, pages) as page_numbers,
    arrayMap(page -> page.3, pages) as page_block_ids
from both
