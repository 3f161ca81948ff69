with

visits as (
    select sum(visits) as visits
    from {{ ref('fct_page_visits') }}
    where visited_on >= toDate32({{ retained_from() }})
),

events as (
    select count() as visits
    from {{ ref('fct_navigation_events') }}
    where
        block_id != ''
        and course_key != ''
        and actor_id != ''
)

select
    visits.visits as visits_of_pages,
    events.visits as visits_of_events
from visits
cross join events
where visits_of_pages != visits_of_events
