with

video_views as (
    select * from {{ latest(ref('int_video_views')) }}
    where plays > 0
),

{{ video_heatmap() }}
