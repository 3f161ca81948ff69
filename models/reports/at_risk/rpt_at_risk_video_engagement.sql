with

facts as (
    select * from {{ ref('fct_video_engagement') }}
)

{{ of_learners_at_risk('facts') }}
