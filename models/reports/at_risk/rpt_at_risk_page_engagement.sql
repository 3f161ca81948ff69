with

facts as (
    select * from {{ ref('fct_page_engagement') }}
)

{{ of_learners_at_risk('facts') }}
