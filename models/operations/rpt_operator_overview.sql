with

learner_days as (
    select * from {{ latest(ref('int_learner_days')) }}
),

enrollments as (
    select * from {{ ref('fct_daily_enrollments') }}
),

loads as (
    select * from {{ ref('ops_loads') }}
),

active as (
    select
        active_on as happened_on,
        sum(learner_days.statements) as statements,
        uniqExact(actor_id, actor_home_page) as active_learners,
        uniqExactIf(course_key, course_key != '') as active_courses,
        uniqExactIf(org, org != '') as active_organisations
    from learner_days
    group by happened_on
),

enrolled as (
    select
        enrolled_on as happened_on,
        sumIf(changes, enrollment_status = 'registered') as registrations,
        sumIf(changes, enrollment_status = 'unregistered') as unregistrations
    from enrollments
    group by happened_on
),

loaded as (
    select
        toDate32(finished_at) as happened_on,
        count() as loads,
        sum(loads.landed) as landed,
        sum(loads.rejected) as rejected,
        sum(loads.conflicts) as conflicts
    from loads
    group by happened_on
),

days as (
    select happened_on from active
    union distinct
    select happened_on from enrolled
    union distinct
    select happened_on from loaded
)

select
    days.happened_on as happened_on,
    active.statements as statements,
    active.active_learners as active_learners,
    active.active_courses as active_courses,
    active.active_organisations as active_organisations,
    enrolled.registrations as registrations,
    enrolled.unregistrations as unregistrations,
    loaded.loads as loads,
    loaded.landed as landed,
    loaded.rejected as rejected,
    loaded.conflicts as conflicts
from days
left any join active
    on days.happened_on = active.happened_on
left any join enrolled
    on days.happened_on = enrolled.happened_on
left any join loaded
    on days.happened_on = loaded.happened_on
