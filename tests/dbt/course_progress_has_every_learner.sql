-- The learners of a course are the same in its progress, its funnel and their status.
with

progress as (
    select
        course_key,
        count() as learners
    from {{ ref('fct_course_progress') }}
    group by course_key
),

statuses as (
    select
        course_key,
        count() as learners
    from {{ ref('fct_learner_course_status') }}
    group by course_key
),

funnels as (
    select distinct
        course_key,
        learners
    from {{ ref('fct_course_funnel') }}
)

select
    statuses.course_key as course_key,
    statuses.learners as learners_with_status,
    progress.learners as learners_with_progress,
    funnels.learners as learners_of_funnel
from statuses
left any join progress
    on statuses.course_key = progress.course_key
left any join funnels
    on statuses.course_key = funnels.course_key
where
    learners_with_progress != learners_with_status
    or (funnels.course_key != '' and learners_of_funnel != learners_with_status)
