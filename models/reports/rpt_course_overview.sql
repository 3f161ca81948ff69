with

courses as (
    select * from {{ ref('dim_courses') }}
),

statuses as (
    select * from {{ ref('fct_learner_course_status') }}
),

counted as (
    select
        org,
        course_key,
        countIf(enrollment_status = 'registered') as enrolled,
        countIf(enrollment_status != '') as ever_enrolled,
        countIf(is_active) as active_learners,
        countIf(is_active and enrollment_status = 'registered') as active_enrolled,
        countIf(is_at_risk) as at_risk_learners,
        countIf(passing_state = 'passed') as passed_learners,
        countIf(passing_state = 'failed') as failed_learners,
        -- Rounded, as the sum of numbers with a fraction depends on their order.
        round(avg(course_grade), 6) as average_grade,
        quantileExactInclusive(0.5)(course_grade) as median_grade,  -- noqa: LT01
        sum(statuses.seconds_on_task) as seconds_on_task,
        maxOrNull(statuses.last_active_at) as last_active_at
    from statuses
    group by
        org,
        course_key
)

select
    courses.org as org,
    courses.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    courses.course_start as course_start,
    courses.course_end as course_end,
    courses.is_self_paced as is_self_paced,
    courses.tags as tags,
    counted.enrolled as enrolled,
    counted.ever_enrolled as ever_enrolled,
    counted.active_learners as active_learners,
    counted.active_enrolled as active_enrolled,
    counted.at_risk_learners as at_risk_learners,
    counted.passed_learners as passed_learners,
    counted.failed_learners as failed_learners,
    counted.average_grade as average_grade,
    counted.median_grade as median_grade,
    counted.seconds_on_task as seconds_on_task,
    counted.last_active_at as last_active_at
from courses
left any join counted
    on
        courses.org = counted.org
        and courses.course_key = counted.course_key
