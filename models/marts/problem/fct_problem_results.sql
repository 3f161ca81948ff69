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

summed_up as (
    select
        * except (attempts),
        length(attempts.attempt) as attempt_count,
        nullIf(attempts.attempt[1], 0) as first_attempt,
        attempts.emission_time[1] as first_time,
        attempts.success[1] as first_success,
        attempts.score_scaled[1] as first_score_scaled,
        attempts.response[1] as first_response,
        attempts.answers[1] as first_answers,
        nullIf(attempts.attempt[-1], 0) as last_attempt,
        attempts.emission_time[-1] as last_time,
        attempts.success[-1] as last_success,
        attempts.score_scaled[-1] as last_score_scaled,
        attempts.score_raw[-1] as last_score_raw,
        attempts.score_max[-1] as last_score_max,
        attempts.response[-1] as last_response,
        attempts.answers[-1] as last_answers,
        indexOf(attempts.success, true) as solved_place,
        nullIf(attempts.attempt[solved_place], 0) as solved_attempt
    from results
)

select
    summed_up.org as org,
    summed_up.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    summed_up.actor_id as actor_id,
    summed_up.actor_home_page as actor_home_page,
    summed_up.problem_id as problem_id,
    summed_up.problem_part as problem_part,
    if(blocks.block_name != '', blocks.block_name, summed_up.object_name) as problem_name,
    summed_up.question as question,
    summed_up.interaction_type as interaction_type,
    summed_up.object_id as object_id,
    blocks.hierarchy_location as hierarchy_location,
    blocks.course_order as course_order,
    blocks.section_name as section_name,
    blocks.subsection_name as subsection_name,
    blocks.is_graded as is_graded,
    summed_up.attempt_count as attempts,
    summed_up.first_attempt as first_attempt,
    if(attempts > 0, summed_up.first_time, null) as first_attempted_at,
    summed_up.first_success as first_success,
    summed_up.first_score_scaled as first_score_scaled,
    summed_up.first_response as first_response,
    summed_up.first_answers as first_answers,
    summed_up.last_attempt as last_attempt,
    if(attempts > 0, summed_up.last_time, null) as last_attempted_at,
    summed_up.last_success as last_success,
    summed_up.last_score_scaled as last_score_scaled,
    summed_up.last_score_raw as last_score_raw,
    summed_up.last_score_max as last_score_max,
    summed_up.last_response as last_response,
    summed_up.last_answers as last_answers,
    cast(summed_up.solved_place > 0, 'Bool') as is_solved,
    summed_up.solved_attempt as solved_attempt,
    summed_up.hints_shown as hints_shown,
    summed_up.answers_shown as answers_shown
from summed_up
left any join blocks
    on
        summed_up.org = blocks.org
        and summed_up.course_key = blocks.course_key
        and summed_up.problem_id = blocks.block_id
left any join courses
    on
        summed_up.org = courses.org
        and summed_up.course_key = courses.course_key
