with

difficulty as (
    select * from {{ ref('fct_problem_difficulty') }}
),

responses as (
    select * from {{ ref('fct_problem_responses') }}
),

-- The wrong answer that most learners gave first; of two given equally often the first by name.
wrong_answers as (
    select
        org,
        course_key,
        problem_id,
        problem_part,
        count() as different_answers,
        argMin(answer, (-toInt64(learners - learners_right), answer)) as wrong_answer,
        max(learners - learners_right) as wrong_answer_learners
    from responses
    where at_attempt = 'first'
    group by
        org,
        course_key,
        problem_id,
        problem_part
)

select
    difficulty.org as org,
    difficulty.course_key as course_key,
    difficulty.course_name as course_name,
    difficulty.course_run as course_run,
    difficulty.problem_id as problem_id,
    difficulty.problem_part as problem_part,
    difficulty.problem_name as problem_name,
    difficulty.question as question,
    difficulty.interaction_type as interaction_type,
    difficulty.hierarchy_location as hierarchy_location,
    difficulty.course_order as course_order,
    difficulty.section_name as section_name,
    difficulty.subsection_name as subsection_name,
    difficulty.is_graded as is_graded,
    difficulty.learners as learners,
    difficulty.first_try_success_share as first_try_success_share,
    difficulty.success_share as success_share,
    difficulty.attempts_when_right as attempts_when_right,
    difficulty.attempts_when_wrong as attempts_when_wrong,
    difficulty.discrimination as discrimination,
    difficulty.hint_share as hint_share,
    difficulty.answer_shown_share as answer_shown_share,
    wrong_answers.different_answers as different_first_answers,
    if(wrong_answers.wrong_answer_learners > 0, wrong_answers.wrong_answer, '')
        as most_common_wrong_answer,
    toUInt64(wrong_answers.wrong_answer_learners) as most_common_wrong_answer_learners
from difficulty
left any join wrong_answers
    on
        difficulty.org = wrong_answers.org
        and difficulty.course_key = wrong_answers.course_key
        and difficulty.problem_id = wrong_answers.problem_id
        and difficulty.problem_part = wrong_answers.problem_part
