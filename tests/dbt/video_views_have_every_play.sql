with

views as (
    select sum(plays) as plays
    from {{ ref('fct_video_views') }}
),

events as (
    select count() as plays
    from {{ history() }}
    where
        subject = 'video'
        and verb = 'played'
        and course_key != ''
        and actor_id != ''
        and object_id != ''
)

select
    views.plays as plays_of_views,
    events.plays as plays_of_events
from views
cross join events
where plays_of_views != plays_of_events
