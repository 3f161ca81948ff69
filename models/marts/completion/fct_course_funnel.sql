with

learners as (
    select * from {{ latest(ref('int_learner_courses')) }}
),

visits as (
    select * from {{ latest(ref('int_page_visits')) }}
),

completions as (
    select * from {{ latest(ref('int_block_completions')) }}
    where is_completed
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
    where section_block_id != ''
),

sections as (
    select
        org,
        course_key,
        course_name,
        course_run,
        section_number,
        section_block_id,
        section_name,
        countIf(is_completable) as blocks_total
    from blocks
    where is_current
    group by all
),

enrolled as (
    select
        course_key,
        count() as learners
    from learners
    group by course_key
),

-- Whoever was on a page that was deleted since has reached its section.
places as (
    select
        blocks.course_key as course_key,
        blocks.block_id as block_id,
        sections.section_number as section_number,
        blocks.is_current and blocks.is_completable as is_item
    from blocks
    inner join sections
        on
            blocks.course_key = sections.course_key
            and blocks.section_block_id = sections.section_block_id
),

traces as (
    select
        course_key,
        actor_id,
        actor_home_page,
        block_id,
        false as is_completion
    from visits
    union all
    select
        course_key,
        actor_id,
        actor_home_page,
        block_id,
        true as is_completion
    from completions
),

learner_sections as (
    select
        traces.course_key as course_key,
        places.section_number as section_number,
        actor_id,
        actor_home_page,
        countIf(traces.is_completion and places.is_item) as blocks_completed
    from traces
    left any join places
        on
            traces.course_key = places.course_key
            and traces.block_id = places.block_id
    where places.section_number > 0
    group by
        course_key,
        section_number,
        actor_id,
        actor_home_page
),

counted as (
    select
        learner_sections.course_key as course_key,
        learner_sections.section_number as section_number,
        count() as learners_reached,
        countIf(learner_sections.blocks_completed = sections.blocks_total) as learners_finished
    from learner_sections
    left any join sections
        on
            learner_sections.course_key = sections.course_key
            and learner_sections.section_number = sections.section_number
    group by
        course_key,
        section_number
)

select
    sections.org as org,
    sections.course_key as course_key,
    sections.course_name as course_name,
    sections.course_run as course_run,
    sections.section_number as section_number,
    sections.section_block_id as section_block_id,
    sections.section_name as section_name,
    enrolled.learners as learners,
    counted.learners_reached as learners_reached,
    if(sections.blocks_total > 0, counted.learners_finished, null) as learners_finished,
    counted.learners_reached / nullIf(enrolled.learners, 0) as share_reached,
    if(sections.blocks_total > 0, counted.learners_finished, null) / nullIf(enrolled.learners, 0)
        as share_finished
from sections
left any join enrolled
    on sections.course_key = enrolled.course_key
left any join counted
    on
        sections.course_key = counted.course_key
        and sections.section_number = counted.section_number
