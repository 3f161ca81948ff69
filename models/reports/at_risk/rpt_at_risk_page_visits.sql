with

at_risk as (
    select * from {{ ref('fct_learner_course_status') }}
    where is_at_risk
),

all_visits as (
    select * from {{ latest(ref('int_page_visits')) }}
),

visits as (
    select all_visits.*  -- noqa: AM04
    from all_visits
    left semi join at_risk
        on
            all_visits.org = at_risk.org
            and all_visits.course_key = at_risk.course_key
            and all_visits.actor_id = at_risk.actor_id
            and all_visits.actor_home_page = at_risk.actor_home_page
),

{{ page_visits() }}
