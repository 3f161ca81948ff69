with

results as (
    select
        *,
        notEmpty(attempts) as is_answered,
        attempts.success[1] as is_right_at_first,
        -- Null as long as nobody has said whether an answer was right.
        multiIf(
            has(attempts.success, true), 1,
            has(attempts.success, false), 0,
            null
        ) as is_solved,
        if(
            is_solved = 1,
            attempts.attempt[indexOf(attempts.success, true)],
            attempts.attempt[-1]
        ) as attempts_made,
        (arrayMax(attempts.emission_time), question, interaction_type, object_name) as description
    from {{ latest(ref('int_problem_results')) }}
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

learners as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        countIf(is_solved = 1 and problem_part = '') as problems_solved
    from results
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
),

problems as (
    select
        org,
        course_key,
        problem_id,
        problem_part,
        max(results.description) as description,
        countIf(is_answered) as learners,
        avg(is_right_at_first) as first_try_success_share,
        avg(is_solved) as success_share,
        avgIf(attempts_made, is_solved = 1) as attempts_when_right,
        avgIf(attempts_made, is_solved = 0) as attempts_when_wrong,
        corrIf(
            assumeNotNull(is_solved), learners.problems_solved, is_solved is not null
        ) as discrimination,
        avg(hints_shown > 0) as hint_share,
        avg(answers_shown > 0) as answer_shown_share
    from results
    left any join learners
        on
            results.org = learners.org
            and results.course_key = learners.course_key
            and results.actor_id = learners.actor_id
            and results.actor_home_page = learners.actor_home_page
    group by
        org,
        course_key,
        problem_id,
        problem_part
)

select
    problems.org as org,
    problems.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    problems.problem_id as problem_id,
    problems.problem_part as problem_part,
    if(blocks.block_name != '', blocks.block_name, problems.description.4) as problem_name,
    problems.description.2 as question,
    cast(problems.description.3, 'LowCardinality(String)') as interaction_type,
    blocks.hierarchy_location as hierarchy_location,
    blocks.course_order as course_order,
    blocks.section_name as section_name,
    blocks.subsection_name as subsection_name,
    blocks.is_graded as is_graded,
    problems.learners as learners,
    problems.first_try_success_share as first_try_success_share,
    problems.success_share as success_share,
    if(isNaN(problems.attempts_when_right), null, problems.attempts_when_right)
        as attempts_when_right,
    if(isNaN(problems.attempts_when_wrong), null, problems.attempts_when_wrong)
        as attempts_when_wrong,
    if(isFinite(problems.discrimination), problems.discrimination, null) as discrimination,
    -- Hints and answers are shown of a problem, not of a part of it.
    if(problems.problem_part = '', problems.hint_share, null) as hint_share,
    if(problems.problem_part = '', problems.answer_shown_share, null) as answer_shown_share
from problems
left any join blocks
    on
        problems.org = blocks.org
        and problems.course_key = blocks.course_key
        and problems.problem_id = blocks.block_id
left any join courses
    on
        problems.org = courses.org
        and problems.course_key = courses.course_key
