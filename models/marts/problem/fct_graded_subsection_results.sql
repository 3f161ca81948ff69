with

results as (
    select * from {{ latest(ref('int_problem_results')) }}
    where
        problem_part = ''
        and notEmpty(attempts)
),

graded_problems as (
    select * from {{ ref('dim_course_blocks') }}
    where is_graded
)

select
    results.org as org,
    results.course_key as course_key,
    graded_problems.course_name as course_name,
    graded_problems.course_run as course_run,
    graded_problems.section_name as section_name,
    graded_problems.subsection_block_id as subsection_block_id,
    graded_problems.subsection_name as subsection_name,
    results.problem_id as problem_id,
    graded_problems.block_name as problem_name,
    graded_problems.hierarchy_location as hierarchy_location,
    graded_problems.course_order as course_order,
    graded_problems.is_current as is_current,
    results.actor_id as actor_id,
    results.actor_home_page as actor_home_page,
    results.attempts.attempt[-1] as last_attempt,
    results.attempts.emission_time[-1] as last_attempted_at,
    results.attempts.success[-1] as success,
    results.attempts.score_scaled[-1] as score_scaled,
    results.attempts.score_raw[-1] as score_raw,
    results.attempts.score_max[-1] as score_max
from results
inner join graded_problems
    on
        results.org = graded_problems.org
        and results.course_key = graded_problems.course_key
        and results.problem_id = graded_problems.block_id
