-- What a learner did of subsections was done of their section; and of what there
-- is to do a section has at least what its opened subsections have.
with

pages as (
    select
        'pages' as items,
        course_key,
        actor_id,
        actor_home_page,
        content_level,
        section_block_id,
        pages_visited as done,
        pages_total as total
    from {{ ref('fct_page_engagement') }}
),

videos as (
    select
        'videos' as items,
        course_key,
        actor_id,
        actor_home_page,
        content_level,
        section_block_id,
        videos_viewed as done,
        videos_total as total
    from {{ ref('fct_video_engagement') }}
),

both as (
    select * from pages
    union all
    select * from videos
)

select
    items,
    course_key,
    actor_id,
    actor_home_page,
    section_block_id,
    sumIf(done, content_level = 'section') as done_of_section,
    sumIf(done, content_level = 'subsection') as done_of_subsections,
    sumIf(total, content_level = 'section') as total_of_section,
    sumIf(total, content_level = 'subsection') as total_of_subsections
from both
group by
    items,
    course_key,
    actor_id,
    actor_home_page,
    section_block_id
having
    done_of_section < done_of_subsections
    or total_of_section < total_of_subsections
