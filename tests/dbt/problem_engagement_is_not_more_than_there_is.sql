-- Sections have no more problems, attempted or in all, than the course's current ones.
with

problems as (
    select
        org,
        course_key,
        section_block_id,
        count() as problems_total
    from {{ ref('dim_course_blocks') }}
    where
        block_type = 'problem'
        and is_current
    group by
        org,
        course_key,
        section_block_id
)

select engagement.*
from {{ ref('fct_problem_engagement') }} as engagement
left any join problems
    on
        engagement.org = problems.org
        and engagement.course_key = problems.course_key
        and engagement.block_id = problems.section_block_id
where
    engagement.problems_attempted > engagement.problems_total
    or (
        engagement.content_level = 'section'
        and engagement.problems_total != problems.problems_total
    )
