with

learner_days as (
    select * from {{ latest(ref('int_learner_days')) }}
)

select
    actor_id,
    actor_home_page,
    cast(max(learner_days.actor_kind), 'LowCardinality(String)') as actor_kind,
    min(first_at) as first_seen_at,
    max(last_at) as last_seen_at,
    uniqExactIf(learner_days.course_key, learner_days.course_key != '') as courses
from learner_days
group by
    actor_id,
    actor_home_page
