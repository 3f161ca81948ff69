with

facts as (
    select * from {{ ref('fct_problem_results') }}
)

{{ of_learners_at_risk('facts') }}
