{{
    config(
        materialized='table',
        engine='MergeTree()',
        order_by='(org, course_key)',
        inputs=[dumps_there_are()],
        inputs_after={'int_courses_seen': names_of_courses()},
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

-- Rows of both together, not a full join: by a key of low cardinality that one at times gives
-- a row that was matched once more as one that was not (ClickHouse 26.7).
known as (
    select
        org,
        course_key,
        course_name,
        course_start,
        course_end,
        enrollment_start,
        enrollment_end,
        is_self_paced,
        language,
        dumped_at,
        true as is_of_catalogue
    from catalogue
    union all
    select
        org,
        course_key,
        name as course_name,
        null as course_start,
        null as course_end,
        null as enrollment_start,
        null as enrollment_end,
        null as is_self_paced,
        '' as language,
        null as dumped_at,
        false as is_of_catalogue
    from seen
),

named as (
    select
        argMax(known.org, (known.org != '', is_of_catalogue)) as org,
        course_key,
        argMax(known.course_name, (known.course_name != '', is_of_catalogue)) as course_name,
        {{ course_run('course_key') }} as course_run,
        max(known.course_start) as course_start,
        max(known.course_end) as course_end,
        max(known.enrollment_start) as enrollment_start,
        max(known.enrollment_end) as enrollment_end,
        max(known.is_self_paced) as is_self_paced,
        max(known.language) as language,
        max(known.dumped_at) as last_published_at,
        max(is_of_catalogue) as is_in_catalogue
    from known
    group by course_key
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
