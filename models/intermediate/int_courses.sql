{{
    config(
        materialized='table',
        engine='MergeTree()',
        order_by='(org, course_key)',
        inputs=[
            dumps_there_are(),
            names_of_courses(),
        ],
    )
}}

with

catalogue as (
    select * from {{ ref('stg_event_sink__course_overviews') }}
),

seen as (
    select * from {{ latest(ref('int_courses_seen')) }}
),

tags as (
    select
        object_id,
        arraySort(groupUniqArray(tag)) as tags
    from {{ ref('int_object_tags') }}
    group by object_id
),

courses as (
    select
        catalogue.org as catalogue_org,
        catalogue.course_key as catalogue_key,
        catalogue.course_name as catalogue_name,
        catalogue.course_start as course_start,
        catalogue.course_end as course_end,
        catalogue.enrollment_start as enrollment_start,
        catalogue.enrollment_end as enrollment_end,
        catalogue.is_self_paced as is_self_paced,
        catalogue.language as language,
        catalogue.dumped_at as last_published_at,
        seen.org as seen_org,
        seen.course_key as seen_key,
        seen.name as seen_name
    from catalogue
    full join seen
        on catalogue.course_key = seen.course_key
),

named as (
    select
        if(catalogue_key != '' and catalogue_org != '', catalogue_org, seen_org) as org,
        if(catalogue_key != '', catalogue_key, seen_key) as course_key,
        if(catalogue_name != '', catalogue_name, seen_name) as course_name,
        {{ course_run('course_key') }} as course_run,
        course_start,
        course_end,
        enrollment_start,
        enrollment_end,
        if(catalogue_key != '', is_self_paced, null) as is_self_paced,
        language,
        last_published_at,
        catalogue_key != '' as is_in_catalogue
    from courses
)

select
    cast(named.org, 'LowCardinality(String)') as org,
    cast(named.course_key, 'LowCardinality(String)') as course_key,
    named.course_name as course_name,
    named.course_run as course_run,
    named.course_start as course_start,
    named.course_end as course_end,
    named.enrollment_start as enrollment_start,
    named.enrollment_end as enrollment_end,
    cast(named.is_self_paced, 'Nullable(Bool)') as is_self_paced,
    named.language as language,
    named.last_published_at as last_published_at,
    tags.tags as tags,
    cast(named.is_in_catalogue, 'Bool') as is_in_catalogue
from named
left any join tags
    on named.course_key = tags.object_id
