{#
    Pages visited, from rows of `int_page_visits`: the CTEs and the last SELECT of a model that
    has `visits` before them.

    A unit and a tab of its sequence are the same page. Only of a learner whose statements name
    both units and tabs can two rows be one page, so nobody else's rows are put together: that
    is what would cost most.
#}
{% macro page_visits() -%}
{%- set learner = ['org', 'course_key', 'actor_id', 'actor_home_page'] -%}
tabs as (
    select * from {{ ref('int_course_tabs') }}
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

-- A learner too many does no harm: older versions are among them, and equal names elsewhere.
of_both_kinds as (
    select
        org,
        course_key,
        actor_id
    from {{ ref('int_page_visits') }}
    group by
        org,
        course_key,
        actor_id
    having min(position) = 0 and max(position) > 0
    settings optimize_aggregation_in_order = 1
),

located as (
    select
        visits.*,
        if(tabs.page_block_id != '', tabs.page_block_id, visits.block_id) as page,
        if(tabs.page_block_id != '', 0, visits.position) as page_position
    from visits
    left any join tabs
        on
            visits.course_key = tabs.course_key
            and visits.block_id = tabs.block_id
            and visits.position = tabs.tab
),

page_visits as (
    select
        {{ learner | join(',\n        ') }},
        page,
        page_position,
        visited_on,
        toUInt64(located.visits) as visits,
        first_at as first_visited_at,
        last_at as last_visited_at
    from located
    left anti join of_both_kinds
        using (org, course_key, actor_id)
    union all
    select
        {{ learner | join(',\n        ') }},
        page,
        page_position,
        visited_on,
        sum(located.visits) as visits,
        min(first_at) as first_visited_at,
        max(last_at) as last_visited_at
    from located
    left semi join of_both_kinds
        using (org, course_key, actor_id)
    group by
        {{ learner | join(',\n        ') }},
        page,
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
    page_visits.page as block_id,
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
        and page_visits.page = blocks.block_id
left any join courses
    on
        page_visits.org = courses.org
        and page_visits.course_key = courses.course_key
{%- endmacro %}
