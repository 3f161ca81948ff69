with

facts as (
    select * from {{ ref('fct_problem_engagement') }}
)

{{ of_learners_at_risk('facts') }}
