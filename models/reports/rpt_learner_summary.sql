with

statuses as (
    select * from {{ ref('fct_learner_course_status') }}
),

completions as (
    select * from {{ latest(ref('int_block_completions')) }}
    where is_completed
),

{{ completable_items() }},

problem_results as (
    select * from {{ latest(ref('int_problem_results')) }}
    where problem_part = ''
),

video_views as (
    select * from {{ latest(ref('int_video_views')) }}
    where plays > 0
),

blocks as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        count() as blocks_completed
    from completions
    left semi join items
        on
            completions.course_key = items.course_key
            and completions.block_id = items.block_id
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
),

problems as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        countIf(notEmpty(attempts.success)) as problems_attempted,
        countIf(has(attempts.success, true)) as problems_solved
    from problem_results
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
),

videos as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        count() as videos_viewed,
        countIf(
            {{ is_watched_entirely(share_watched('watched', 'video_length')) }}
        ) as videos_watched_entirely
    from video_views
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
)

select
    statuses.org as org,
    statuses.course_key as course_key,
    statuses.course_name as course_name,
    statuses.course_run as course_run,
    statuses.actor_id as actor_id,
    statuses.actor_home_page as actor_home_page,

    statuses.enrollment_status as enrollment_status,
    statuses.enrollment_mode as enrollment_mode,
    statuses.first_enrolled_at as first_enrolled_at,

    statuses.course_grade as course_grade,
    statuses.grade_bucket as grade_bucket,
    statuses.passing_state as passing_state,

    statuses.last_visited_at as last_visited_at,
    statuses.last_active_at as last_active_at,
    statuses.days_active as days_active,
    statuses.seconds_on_task as seconds_on_task,
    statuses.is_active as is_active,
    statuses.is_at_risk as is_at_risk,

    blocks.blocks_completed as blocks_completed,
    totals.blocks_total as blocks_total,
    blocks.blocks_completed / nullIf(totals.blocks_total, 0) as progress,
    problems.problems_attempted as problems_attempted,
    problems.problems_solved as problems_solved,
    videos.videos_viewed as videos_viewed,
    videos.videos_watched_entirely as videos_watched_entirely
from statuses
left any join blocks
    on
        statuses.org = blocks.org
        and statuses.course_key = blocks.course_key
        and statuses.actor_id = blocks.actor_id
        and statuses.actor_home_page = blocks.actor_home_page
left any join totals
    on statuses.course_key = totals.course_key
left any join problems
    on
        statuses.org = problems.org
        and statuses.course_key = problems.course_key
        and statuses.actor_id = problems.actor_id
        and statuses.actor_home_page = problems.actor_home_page
left any join videos
    on
        statuses.org = videos.org
        and statuses.course_key = videos.course_key
        and statuses.actor_id = videos.actor_id
        and statuses.actor_home_page = videos.actor_home_page
