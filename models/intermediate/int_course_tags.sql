{{
    config(
        materialized='table',
        engine='MergeTree()',
        order_by='(org, course_key)',
        inputs=[
            dumps_there_are(),
            built_from(['int_courses']),
        ],
    )
}}

with

object_tags as (
    select * from {{ ref('int_object_tags') }}
),

courses as (
    select * from {{ ref('int_courses') }}
),

course_tags as (
    select
        *,
        cast(object_id, 'LowCardinality(String)') as course_key
    from object_tags
    where
        {{ is_course_key('object_id') }}
        or object_id in (select course_key from courses)
)

select
    cast(
        if(courses.org != '', courses.org, {{ org('course_tags.course_key') }}),
        'LowCardinality(String)'
    ) as org,
    course_tags.course_key as course_key,
    courses.course_name as course_name,
    cast({{ course_run('course_tags.course_key') }}, 'String') as course_run,
    course_tags.taxonomy_id as taxonomy_id,
    course_tags.taxonomy_name as taxonomy_name,
    course_tags.tag_id as tag_id,
    course_tags.tag as tag,
    course_tags.lineage as lineage
from course_tags
left any join courses
    on course_tags.course_key = courses.course_key
