with

at_risk as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page
    from {{ ref('fct_learner_course_status') }}
    where is_at_risk
),

video_views as (
    select * from {{ latest(ref('int_video_views')) }}
    where
        plays > 0
        and (org, course_key, actor_id, actor_home_page) in (select * from at_risk)
),

{{ video_heatmap() }}
