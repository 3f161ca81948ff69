with

facts as (
    select * from {{ ref('fct_video_views') }}
)

{{ of_learners_at_risk('facts') }}
