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

-- Videos are named before they are taken apart: there are hundreds of seconds to a video.
named as (
    select
        video_views.org as org,
        video_views.course_key as course_key,
        courses.course_name as course_name,
        courses.course_run as course_run,
        video_views.actor_id as actor_id,
        video_views.actor_home_page as actor_home_page,
        video_views.object_id as object_id,
        video_views.block_id as block_id,
        if(blocks.block_name != '', blocks.block_name, video_views.object_name) as video_name,
        video_views.video_length as video_length,
        arrayFlatten(
            arrayMap(
                run -> arrayMap(second -> (second, run.3), range(run.1, run.2 + 1)), watched
            )
        ) as seconds
    from video_views
    left any join blocks
        on
            video_views.org = blocks.org
            and video_views.course_key = blocks.course_key
            and video_views.block_id = blocks.block_id
    left any join courses
        on
            video_views.org = courses.org
            and video_views.course_key = courses.course_key
)

select
    org,
    course_key,
    course_name,
    course_run,
    actor_id,
    actor_home_page,
    object_id,
    block_id,
    video_name,
    video_length,
    toUInt32(tupleElement(second, 1)) as watched_second,
    toUInt32(tupleElement(second, 2)) as times_watched
from named
array join seconds as second
