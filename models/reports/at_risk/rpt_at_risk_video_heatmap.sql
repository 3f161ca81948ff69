with

at_risk as (
    select * from {{ ref('fct_learner_course_status') }}
    where is_at_risk
),

viewed as (
    select * from {{ latest(ref('int_video_views')) }}
    where plays > 0
),

video_views as (
    select viewed.*  -- noqa: AM04
    from viewed
    left semi join at_risk
        on
            viewed.org = at_risk.org
            and viewed.course_key = at_risk.course_key
            and viewed.actor_id = at_risk.actor_id
            and viewed.actor_home_page = at_risk.actor_home_page
),

{{ video_heatmap() }}
