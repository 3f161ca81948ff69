with

segments as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        object_id,
        count() as seconds_watched,
        sum(times_watched) as seconds_watched_total,
        countIf(times_watched >= 2) as seconds_rewatched
    from {{ ref('fct_video_segments') }}
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        object_id
),

views as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        object_id,
        seconds_watched,
        seconds_watched_total,
        seconds_rewatched
    from {{ ref('fct_video_views') }}
    where seconds_watched > 0
),

both as (
    select * from segments
    union all
    select * from views
)

-- What agrees is there twice.
select
    *,
    count() as row_count
from both
group by all
having row_count != 2
