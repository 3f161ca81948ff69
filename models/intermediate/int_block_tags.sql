{{
    config(
        materialized='table',
        engine='MergeTree()',
        order_by='(org, course_key, block_id)',
        inputs=[
            dumps_there_are(),
            built_from(['int_courses', 'int_course_blocks']),
        ],
    )
}}

with

object_tags as (
    select * from {{ ref('int_object_tags') }}
),

blocks as (
    select * from {{ ref('int_course_blocks') }}
),

courses as (
    select * from {{ ref('int_courses') }}
),

-- A block that is in no dump of a course has its course in its key.
block_tags as (
    select
        cast(
            if(
                blocks.course_key != '',
                blocks.course_key,
                {{ course_of_usage_key('object_tags.object_id') }}
            ), 'LowCardinality(String)'
        ) as block_course,
        object_tags.object_id as block_id,
        blocks.block_name as block_name,
        blocks.block_type as block_type,
        object_tags.taxonomy_id as taxonomy_id,
        object_tags.taxonomy_name as taxonomy_name,
        object_tags.tag_id as tag_id,
        object_tags.tag as tag,
        object_tags.lineage as lineage
    from object_tags
    left join blocks
        on object_tags.object_id = blocks.block_id
    where block_course != ''
)

select
    cast(
        if(courses.org != '', courses.org, {{ org('block_tags.block_course') }}),
        'LowCardinality(String)'
    ) as org,
    block_tags.block_course as course_key,
    courses.course_name as course_name,
    cast({{ course_run('block_tags.block_course') }}, 'String') as course_run,
    block_tags.block_id as block_id,
    block_tags.block_name as block_name,
    block_tags.block_type as block_type,
    block_tags.taxonomy_id as taxonomy_id,
    block_tags.taxonomy_name as taxonomy_name,
    block_tags.tag_id as tag_id,
    block_tags.tag as tag,
    block_tags.lineage as lineage
from block_tags
left any join courses
    on block_tags.block_course = courses.course_key
