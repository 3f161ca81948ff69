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

responses as (
    select
        org,
        course_key,
        problem_id,
        problem_part,
        (arrayMax(attempts.emission_time), object_name) as named,
        arrayJoin([
            ('first', attempts.answers[1], attempts.success[1]),
            ('last', attempts.answers[-1], attempts.success[-1])
        ]) as response
    from results
),

given_answers as (
    select
        org,
        course_key,
        problem_id,
        problem_part,
        named,
        response.1 as at_attempt,
        arrayJoin(arrayDistinct(response.2)) as answer,
        response.3 as success
    from responses
),

answers as (
    select
        org,
        course_key,
        problem_id,
        problem_part,
        at_attempt,
        answer,
        max(given_answers.named) as named,
        count() as learners,
        countIf(success) as learners_right
    from given_answers
    group by
        org,
        course_key,
        problem_id,
        problem_part,
        at_attempt,
        answer
)

select
    answers.org as org,
    answers.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    answers.problem_id as problem_id,
    answers.problem_part as problem_part,
    if(blocks.block_name != '', blocks.block_name, answers.named.2) as problem_name,
    blocks.hierarchy_location as hierarchy_location,
    blocks.is_graded as is_graded,
    cast(answers.at_attempt, 'Enum8(\'first\' = 1, \'last\' = 2)') as at_attempt,
    answers.answer as answer,
    answers.learners as learners,
    answers.learners_right as learners_right
from answers
left any join blocks
    on
        answers.org = blocks.org
        and answers.course_key = blocks.course_key
        and answers.problem_id = blocks.block_id
left any join courses
    on
        answers.org = courses.org
        and answers.course_key = courses.course_key
