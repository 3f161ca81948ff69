-- Several gradings of one attempt are one attempt; all else is counted one by one.
with

results as (
    select
        sum(attempts) as attempts,
        sum(hints_shown) as hints,
        sum(answers_shown) as answers
    from {{ ref('fct_problem_results') }}
),

statements as (
    select
        *,
        {{ problem_id() }} as problem_id,
        {{ problem_kind() }} as kind
    from {{ history() }}
    where
        subject = 'problem'
        and course_key != ''
        and actor_id != ''
        and object_id != ''
),

events as (
    select
        uniqExactIf(
            (
                course_key,
                actor_id,
                actor_home_page,
                problem_id,
                problem_part,
                if(attempt >= 1, toString(attempt), toString(event_id))
            ),
            kind = 'evaluation'
        ) as attempts,
        countIf(kind = 'hint') as hints,
        countIf(kind = 'answer shown') as answers
    from statements
)

select *
from results
cross join events
where
    results.attempts != events.attempts
    or results.hints != events.hints
    or results.answers != events.answers
