with

results as (
    select * from {{ latest(ref('int_problem_results')) }}
    where notEmpty(attempts)
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

places as (
    select
        org,
        course_key,
        block_id as problem_id,
        arrayFilter(
            place -> place.2 != '',
            [('section', section_block_id), ('subsection', subsection_block_id)]
        ) as places
    from blocks
    where
        block_type = 'problem'
        and is_current
),

totals as (
    select
        org,
        course_key,
        arrayJoin(places) as place,
        count() as problems_total
    from places
    group by
        org,
        course_key,
        place
),

attempted as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        arrayJoin(places.places) as place,
        uniqExact(problem_id) as problems_attempted
    from results
    inner join places
        on
            results.org = places.org
            and results.course_key = places.course_key
            and results.problem_id = places.problem_id
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        place
)

select
    attempted.org as org,
    attempted.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    attempted.actor_id as actor_id,
    attempted.actor_home_page as actor_home_page,
    cast(attempted.place.1, 'Enum8(\'section\' = 1, \'subsection\' = 2)') as content_level,
    attempted.place.2 as block_id,
    blocks.block_name as block_name,
    blocks.hierarchy_location as hierarchy_location,
    attempted.problems_attempted as problems_attempted,
    totals.problems_total as problems_total,
    cast(attempted.problems_attempted = totals.problems_total, 'Bool') as is_complete
from attempted
left any join totals
    on
        attempted.org = totals.org
        and attempted.course_key = totals.course_key
        and attempted.place = totals.place
left any join blocks
    on
        attempted.org = blocks.org
        and attempted.course_key = blocks.course_key
        and attempted.place.2 = blocks.block_id
left any join courses
    on
        attempted.org = courses.org
        and attempted.course_key = courses.course_key
