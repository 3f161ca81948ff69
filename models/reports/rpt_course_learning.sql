with

courses as (
    select * from {{ ref('dim_courses') }}
),

problems as (
    select
        org,
        course_key,
        count() as problems_answered,
        sum(learners) as problem_answers,
        max(learners) as problem_learners,
        -- Rounded, as the sum of numbers with a fraction depends on their order.
        round(sum(first_try_success_share * learners) / sum(learners), 6)
            as first_try_success_share
    from {{ ref('fct_problem_difficulty') }}
    where
        problem_part = ''
        and learners > 0
    group by
        org,
        course_key
),

video_views as (
    select * from {{ ref('fct_video_views') }}
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
    where
        is_current
        and block_type = 'video'
),

videos_there_are as (
    select
        org,
        course_key,
        count() as videos
    from blocks
    group by
        org,
        course_key
),

videos as (
    select
        org,
        course_key,
        object_id,
        max(video_length) as video_length,
        count() as views,
        sum(video_views.share_watched) as shares_watched,
        sum(video_views.seconds_watched) as seconds_watched,
        sum(video_views.seconds_rewatched) as seconds_rewatched,
        count(video_views.share_watched) as views_with_a_share
    from video_views
    group by
        org,
        course_key,
        object_id
),

watched as (
    select
        org,
        course_key,
        count() as videos_watched,
        sum(views) as video_views,
        max(views) as video_learners,
        round(avg(video_length), 3) as average_video_length,
        round(sum(shares_watched) / nullIf(sum(views_with_a_share), 0), 6) as share_watched,
        sum(videos.seconds_rewatched) / nullIf(sum(videos.seconds_watched), 0) as share_rewatched
    from videos
    group by
        org,
        course_key
)

select
    courses.org as org,
    courses.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    courses.tags as tags,
    problems.problems_answered as problems_answered,
    problems.problem_answers as problem_answers,
    problems.problem_learners as problem_learners,
    problems.first_try_success_share as first_try_success_share,
    videos_there_are.videos as videos,
    watched.videos_watched as videos_watched,
    watched.video_views as video_views,
    watched.video_learners as video_learners,
    watched.average_video_length as average_video_length,
    watched.share_watched as share_watched,
    watched.share_rewatched as share_rewatched
from courses
left any join problems
    on
        courses.org = problems.org
        and courses.course_key = problems.course_key
left any join videos_there_are
    on
        courses.org = videos_there_are.org
        and courses.course_key = videos_there_are.course_key
left any join watched
    on
        courses.org = watched.org
        and courses.course_key = watched.course_key
