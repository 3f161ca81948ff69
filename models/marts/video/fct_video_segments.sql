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

runs as (
    select
        * except (watched),
        arrayJoin(watched) as run
    from video_views
),

seconds as (
    select
        * except (run),
        arrayJoin(range(run.1, run.2 + 1)) as watched_second,
        run.3 as times_watched
    from runs
)

select
    seconds.org as org,
    seconds.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    seconds.actor_id as actor_id,
    seconds.actor_home_page as actor_home_page,
    seconds.object_id as object_id,
    seconds.block_id as block_id,
    if(blocks.block_name != '', blocks.block_name, seconds.object_name) as video_name,
    seconds.video_length as video_length,
    toUInt32(seconds.watched_second) as watched_second,
    toUInt32(seconds.times_watched) as times_watched
from seconds
left any join blocks
    on
        seconds.org = blocks.org
        and seconds.course_key = blocks.course_key
        and seconds.block_id = blocks.block_id
left any join courses
    on
        seconds.org = courses.org
        and seconds.course_key = courses.course_key
