with

heatmap as (
    select
        org,
        course_key,
        object_id,
        watched_second,
        learners,
        views
    from {{ ref('rpt_video_heatmap') }}
),

segments as (
    select
        org,
        course_key,
        object_id,
        watched_second,
        count() as learners,
        sum(times_watched) as views
    from {{ ref('fct_video_segments') }}
    group by
        org,
        course_key,
        object_id,
        watched_second
),

both as (
    select * from heatmap
    union all
    select * from segments
)

-- What agrees is there twice.
select
    *,
    count() as row_count
from both
group by all
having row_count != 2
