with

visits as (
    select * from {{ latest(ref('int_page_visits')) }}
),

pages as (
    select * from {{ ref('int_course_pages') }}
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

located as (
    select
        visits.*,
        indexOf(pages.tabs, visits.position) as place,
        if(place > 0, pages.page_block_ids[place], visits.block_id) as page_block_id,
        if(place > 0, 0, visits.position) as page_position
    from visits
    left any join pages
        on
            visits.course_key = pages.course_key
            and visits.block_id = pages.block_id
),

-- A unit and a tab of its sequence are the same page.
page_visits as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        page_block_id,
        page_position,
        visited_on,
        sum(located.visits) as visits,
        min(first_at) as first_visited_at,
        max(last_at) as last_visited_at
    from located
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        page_block_id,
        page_position,
        visited_on
)

select
    page_visits.org as org,
    page_visits.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    page_visits.actor_id as actor_id,
    page_visits.actor_home_page as actor_home_page,
    page_visits.page_block_id as block_id,
    page_visits.page_position as position,
    blocks.block_name as page_name,
    blocks.hierarchy_location as hierarchy_location,
    blocks.section_block_id as section_block_id,
    blocks.section_name as section_name,
    blocks.subsection_block_id as subsection_block_id,
    blocks.subsection_name as subsection_name,
    page_visits.visited_on as visited_on,
    page_visits.visits as visits,
    page_visits.first_visited_at as first_visited_at,
    page_visits.last_visited_at as last_visited_at
from page_visits
left any join blocks
    on
        page_visits.course_key = blocks.course_key
        and page_visits.page_block_id = blocks.block_id
left any join courses
    on
        page_visits.org = courses.org
        and page_visits.course_key = courses.course_key
