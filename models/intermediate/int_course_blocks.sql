{{
    config(
        materialized='table',
        engine='MergeTree()',
        order_by='(org, course_key, block_id)',
        settings={'index_granularity': 1024},
        inputs=[
            dumps_there_are(),
            built_from(['int_courses']),
        ],
        inputs_after={'int_blocks_seen': names_of_blocks()},
    )
}}

with

dumped as (
    select * from {{ ref('stg_event_sink__course_blocks') }}
),

seen as (
    select * from {{ latest(ref('int_blocks_seen')) }}
),

courses as (
    select * from {{ ref('int_courses') }}
),

latest_dumps as (
    select
        course_key as dumped_course,
        argMax(dump_id, (dumped_at, dump_id)) as latest_dump_id
    from dumped
    group by dumped_course
),

-- What a block was when it was last in a dump of its course.
blocks as (
    select * from dumped
    order by
        dumped_at desc,
        dump_id desc
    limit 1 by course_key, block_id
),

sections as (
    select
        course_key,
        dump_id,
        section_number,
        argMin(block_id, (course_order, block_id)) as section_block_id,
        argMin(block_name, (course_order, block_id)) as section_name
    from dumped
    where
        block_type = 'chapter'
        and section_number > 0
    group by
        course_key,
        dump_id,
        section_number
),

subsections as (
    select
        course_key,
        dump_id,
        section_number,
        subsection_number,
        argMin(block_id, (course_order, block_id)) as subsection_block_id,
        argMin(block_name, (course_order, block_id)) as subsection_name
    from dumped
    where
        block_type = 'sequential'
        and subsection_number > 0
    group by
        course_key,
        dump_id,
        section_number,
        subsection_number
),

placed as (
    select
        blocks.org as org,
        blocks.course_key as course_key,
        blocks.block_id as block_id,
        blocks.block_type as block_type,
        if(blocks.block_name != '', blocks.block_name, seen.name) as block_name,
        blocks.section_number as section_number,
        blocks.subsection_number as subsection_number,
        blocks.unit_number as unit_number,
        concat(
            toString(blocks.section_number), ':',
            toString(blocks.subsection_number), ':',
            toString(blocks.unit_number)
        ) as hierarchy_location,
        blocks.course_order as course_order,
        blocks.is_graded as is_graded,
        not blocks.is_detached and if(
            blocks.completion_mode != '', blocks.completion_mode = 'completable',
            blocks.block_type not in ('course', 'chapter', 'sequential', 'vertical')
        ) as is_completable,
        blocks.dump_id = latest_dumps.latest_dump_id as is_current,
        sections.section_block_id as section_block_id,
        sections.section_name as section_name,
        subsections.subsection_block_id as subsection_block_id,
        subsections.subsection_name as subsection_name,
        true as is_in_catalogue
    from blocks
    left any join latest_dumps
        on blocks.course_key = latest_dumps.dumped_course
    left any join sections
        on
            blocks.course_key = sections.course_key
            and blocks.dump_id = sections.dump_id
            and blocks.section_number = sections.section_number
    left any join subsections
        on
            blocks.course_key = subsections.course_key
            and blocks.dump_id = subsections.dump_id
            and blocks.section_number = subsections.section_number
            and blocks.subsection_number = subsections.subsection_number
    left any join seen
        on
            blocks.course_key = seen.course_key
            and blocks.block_id = seen.block_id
),

only_seen as (
    select
        org,
        course_key,
        block_id,
        extract(block_id, 'type@([^@+]+)\\+block@') as block_type,
        name as block_name,
        toUInt32(0) as section_number,
        toUInt32(0) as subsection_number,
        toUInt32(0) as unit_number,
        '' as hierarchy_location,
        toInt32(0) as course_order,
        false as is_graded,
        false as is_completable,
        false as is_current,
        '' as section_block_id,
        '' as section_name,
        '' as subsection_block_id,
        '' as subsection_name,
        false as is_in_catalogue
    from seen
    where (course_key, block_id) not in (
        select
            course_key,
            block_id
        from blocks
    )
),

all_blocks as (
    select * from placed
    union all
    select * from only_seen
)

select
    all_blocks.org as org,
    all_blocks.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    all_blocks.block_id as block_id,
    cast(all_blocks.block_type, 'LowCardinality(String)') as block_type,
    all_blocks.block_name as block_name,
    all_blocks.section_number as section_number,
    all_blocks.subsection_number as subsection_number,
    all_blocks.unit_number as unit_number,
    all_blocks.hierarchy_location as hierarchy_location,
    all_blocks.course_order as course_order,
    cast(all_blocks.is_graded, 'Bool') as is_graded,
    cast(all_blocks.is_completable, 'Bool') as is_completable,
    cast(all_blocks.is_current, 'Bool') as is_current,
    all_blocks.section_block_id as section_block_id,
    all_blocks.section_name as section_name,
    all_blocks.subsection_block_id as subsection_block_id,
    all_blocks.subsection_name as subsection_name,
    cast(all_blocks.is_in_catalogue, 'Bool') as is_in_catalogue
from all_blocks
left any join courses
    on all_blocks.course_key = courses.course_key
