with

courses as (
    select * from {{ ref('dim_courses') }}
    where org != ''
),

statuses as (
    select * from {{ ref('fct_learner_course_status') }}
),

runs as (
    select
        org,
        count() as course_runs
    from courses
    group by grouping sets ((org), ())
),

learners as (
    select
        org,
        uniqExact(actor_id, actor_home_page) as learners,
        uniqExactIf((actor_id, actor_home_page), enrollment_status = 'registered') as enrolled,
        uniqExactIf((actor_id, actor_home_page), is_active) as active_learners
    from statuses
    group by grouping sets ((org), ())
)

select
    runs.org as org,
    runs.course_runs as course_runs,
    learners.learners as learners,
    learners.enrolled as enrolled,
    learners.active_learners as active_learners
from runs
left any join learners
    on runs.org = learners.org
-- Without any course there is still a sum over all of them.
where runs.course_runs > 0
