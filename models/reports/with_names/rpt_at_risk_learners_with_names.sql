with

report as (
    select * from {{ ref('rpt_at_risk_learners') }}
),

profiles as (
    select * from {{ ref('int_learner_profiles') }}
)

select
    report.*,  -- noqa: AM04
    profiles.username as username,
    profiles.name as name,
    profiles.email as email
from report
left any join profiles
    on
        report.actor_id = profiles.actor_id
        and report.actor_home_page = profiles.actor_home_page
