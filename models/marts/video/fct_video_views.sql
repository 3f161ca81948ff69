with

video_views as (
    select * from {{ latest(ref('int_video_views')) }}
    where plays > 0
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

counted as (
    select
        *,
        arraySum(run -> run.2 - run.1 + 1, watched) as seconds_watched,
        arraySum(run -> (run.2 - run.1 + 1) * run.3, watched) as seconds_watched_total,
        arraySum(run -> if(run.3 > 1, run.2 - run.1 + 1, 0), watched) as seconds_rewatched,
        {{ share_watched('watched', 'video_length') }} as share_watched
    from video_views
)

select
    counted.org as org,
    counted.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    counted.actor_id as actor_id,
    counted.actor_home_page as actor_home_page,
    counted.object_id as object_id,
    counted.block_id as block_id,
    if(blocks.block_name != '', blocks.block_name, counted.object_name) as video_name,
    blocks.hierarchy_location as hierarchy_location,
    blocks.section_name as section_name,
    blocks.subsection_name as subsection_name,
    counted.video_length as video_length,
    toUInt64(counted.plays) as plays,
    toUInt64(counted.seconds_watched) as seconds_watched,
    toUInt64(counted.seconds_watched_total) as seconds_watched_total,
    toUInt64(counted.seconds_rewatched) as seconds_rewatched,
    counted.share_watched as share_watched,
    {{ is_watched_entirely('counted.share_watched') }} as is_watched_entirely,
    counted.last_position as last_position,
    counted.first_viewed_at as first_viewed_at,
    counted.last_viewed_at as last_viewed_at
from counted
left any join blocks
    on
        counted.org = blocks.org
        and counted.course_key = blocks.course_key
        and counted.block_id = blocks.block_id
left any join courses
    on
        counted.org = courses.org
        and counted.course_key = courses.course_key
