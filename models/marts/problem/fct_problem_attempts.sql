with

results as (
    select * from {{ latest(ref('int_problem_results')) }}
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

made as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        problem_id,
        problem_part,
        object_name,
        arrayJoin(attempts) as made_attempt
    from results
)

select
    made.org as org,
    made.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    made.actor_id as actor_id,
    made.actor_home_page as actor_home_page,
    made.problem_id as problem_id,
    made.problem_part as problem_part,
    if(blocks.block_name != '', blocks.block_name, made.object_name) as problem_name,
    blocks.hierarchy_location as hierarchy_location,
    blocks.section_name as section_name,
    blocks.subsection_name as subsection_name,
    blocks.is_graded as is_graded,
    made_attempt.attempt as attempt,
    made_attempt.emission_time as emission_time,
    made_attempt.success as success,
    made_attempt.score_scaled as score_scaled,
    made_attempt.score_raw as score_raw,
    made_attempt.score_max as score_max,
    made_attempt.response as response,
    made_attempt.answers as answers
from made
left any join blocks
    on
        made.org = blocks.org
        and made.course_key = blocks.course_key
        and made.problem_id = blocks.block_id
left any join courses
    on
        made.org = courses.org
        and made.course_key = courses.course_key
