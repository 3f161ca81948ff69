with

attempts as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        problem_id,
        problem_part,
        count() as attempts,
        min(attempt) as first_attempt,
        max(attempt) as last_attempt,
        argMin(response, attempt) as first_response,
        argMax(response, attempt) as last_response,
        argMax(emission_time, attempt) as last_attempted_at,
        minOrNullIf(attempt, success) as solved_attempt
    from {{ ref('fct_problem_attempts') }}
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        problem_id,
        problem_part
),

results as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        problem_id,
        problem_part,
        attempts,
        assumeNotNull(first_attempt) as first_attempt,
        assumeNotNull(last_attempt) as last_attempt,
        first_response,
        last_response,
        assumeNotNull(last_attempted_at) as last_attempted_at,
        solved_attempt
    from {{ ref('fct_problem_results') }}
    where attempts > 0
),

both as (
    select * from attempts
    union all
    select * from results
)

-- What agrees is there twice.
select
    *,
    count() as row_count
from both
group by all
having row_count != 2
