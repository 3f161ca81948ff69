with

results as (
    select * from {{ ref('fct_problem_results') }}
    where
        problem_part = ''
        and attempts > 0
),

answered as (
    select
        org,
        course_key,
        problem_id,
        avg(coalesce(solved_attempt, last_attempt)) as course_average_attempts,
        avg(is_solved) as course_share_solved
    from results
    group by
        org,
        course_key,
        problem_id
)

select
    results.org as org,
    results.course_key as course_key,
    results.course_name as course_name,
    results.course_run as course_run,
    results.actor_id as actor_id,
    results.actor_home_page as actor_home_page,
    results.problem_id as problem_id,
    results.problem_name as problem_name,
    results.hierarchy_location as hierarchy_location,
    results.course_order as course_order,
    results.section_name as section_name,
    results.subsection_name as subsection_name,
    results.is_graded as is_graded,
    results.attempts as attempts,
    results.last_attempted_at as last_attempted_at,
    results.last_success as last_success,
    results.is_solved as is_solved,
    coalesce(results.solved_attempt, results.last_attempt) as attempts_needed,
    results.hints_shown as hints_shown,
    results.answers_shown as answers_shown,
    answered.course_average_attempts as course_average_attempts,
    answered.course_share_solved as course_share_solved
from results
left any join answered
    on
        results.org = answered.org
        and results.course_key = answered.course_key
        and results.problem_id = answered.problem_id
