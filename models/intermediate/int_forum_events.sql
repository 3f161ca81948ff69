{{ config(materialized='view') }}

with

statements as (
    select
        *,
        substringIndex(object_id, '/', -1) as post_id
    from {{ history() }}
    where subject = 'forum'
),

-- The object's id follows the path of the request. Paths of the older forum tell a response
-- from a comment on one; that of the newer one is the same for both, only that nobody
-- votes for a comment.
levels as (
    select
        *,
        cast(
            multiIf(
                match(object_id, '/comments/[^/]+/reply/'), 'comment',
                match(object_id, '/threads/[^/]+/reply/'), 'response',
                position(object_id, '/comments/') > 0 and verb = 'voted', 'response',
                position(object_id, '/comments/') > 0, 'reply',
                position(grouping_id, '/threads/') > 0
                and not endsWith(grouping_id, concat('/', post_id)), 'reply',
                'thread'
            ),
            'Enum8(\'thread\' = 1, \'response\' = 2, \'comment\' = 3, \'reply\' = 4)'
        ) as level
    from statements
)

select
    event_id,
    emission_time,
    org,
    course_key,
    actor_id,
    actor_home_page,
    object_id,
    block_id,
    verb,
    verb as action,
    level,
    post_id,
    multiIf(
        position(grouping_id, '/threads/') > 0, substringIndex(grouping_id, '/', -1),
        level = 'thread', post_id,
        extract(object_id, '/threads/([^/]+)/reply/')
    ) as thread_id,
    object_name as title,
    if(verb = 'posted', forum_type, '') as thread_type,
    if(verb = 'voted', forum_type, '') as vote
from levels
