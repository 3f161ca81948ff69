with

facts as (
    select * from {{ ref('fct_page_visits') }}
),

at_risk as (
    select * from {{ ref('fct_learner_course_status') }}
    where is_at_risk
)

select facts.*  -- noqa: AM04
from facts
left semi join at_risk
    on
        facts.org = at_risk.org
        and facts.course_key = at_risk.course_key
        and facts.actor_id = at_risk.actor_id
        and facts.actor_home_page = at_risk.actor_home_page
