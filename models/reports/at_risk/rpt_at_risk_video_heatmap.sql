with

viewed as (
    select * from {{ latest(ref('int_video_views')) }}
    where plays > 0
),

video_views as (
    {{ of_learners_at_risk('viewed') }}
),

{{ video_heatmap() }}
