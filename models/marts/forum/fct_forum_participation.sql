with

forum_events as (
    select * from {{ ref('int_forum_events') }}
    where
        course_key != ''
        and actor_id != ''
),

courses as (
    select * from {{ ref('dim_courses') }}
),

deleted as (
    select
        org,
        course_key,
        post_id
    from {{ ref('int_forum_events') }}
    where action = 'deleted'
),

-- Whoever deletes a thread deletes what was posted in it.
events as (
    select
        *,
        action = 'posted' as is_post,
        is_post and (
            (org, course_key, post_id) in (select * from deleted)
            or (org, course_key, thread_id) in (select * from deleted)
        ) as is_gone
    from forum_events
),

participation as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        uniqExactIf(post_id, is_post and not is_gone and level = 'thread') as threads,
        uniqExactIf(post_id, is_post and not is_gone and level != 'thread') as replies,
        uniqExactIf(post_id, is_post and not is_gone and level = 'response') as responses,
        uniqExactIf(post_id, is_post and not is_gone and level = 'comment') as comments,
        uniqExactIf(post_id, is_gone) as posts_deleted,
        countIf(action = 'edited') as edits,
        countIf(action = 'deleted') as deletions,
        countIf(action = 'voted') as votes,
        countIf(action = 'reported') as reports,
        countIf(action = 'unreported') as unreports,
        countIf(action = 'viewed') as views,
        min(emission_time) as first_active_at,
        max(emission_time) as last_active_at,
        maxOrNullIf(emission_time, is_post) as last_posted_at
    from events
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
)

select
    participation.org as org,
    participation.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    participation.actor_id as actor_id,
    participation.actor_home_page as actor_home_page,
    participation.threads as threads,
    participation.replies as replies,
    participation.responses as responses,
    participation.comments as comments,
    participation.posts_deleted as posts_deleted,
    participation.edits as edits,
    participation.deletions as deletions,
    participation.votes as votes,
    participation.reports as reports,
    participation.unreports as unreports,
    participation.views as views,
    participation.first_active_at as first_active_at,
    participation.last_active_at as last_active_at,
    participation.last_posted_at as last_posted_at
from participation
left any join courses
    on
        participation.org = courses.org
        and participation.course_key = courses.course_key
