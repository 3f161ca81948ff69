with

results as (
    select * from {{ ref('fct_graded_subsection_results') }}
),

scores as (
    select
        org,
        course_key,
        course_name,
        course_run,
        section_name,
        subsection_block_id,
        subsection_name,
        actor_id,
        actor_home_page,
        min(results.course_order) as course_order,
        count() as problems_answered,
        countIf(success) as problems_right,
        -- Rounded, as the sum of numbers with a fraction depends on their order.
        round(avg(score_scaled), 6) as average_score
    from results
    group by
        org,
        course_key,
        course_name,
        course_run,
        section_name,
        subsection_block_id,
        subsection_name,
        actor_id,
        actor_home_page
)

select
    org,
    course_key,
    course_name,
    course_run,
    section_name,
    subsection_block_id,
    subsection_name,
    course_order,
    actor_id,
    actor_home_page,
    problems_answered,
    problems_right,
    average_score,
    {{ grade_bucket('average_score') }} as score_bucket
from scores
