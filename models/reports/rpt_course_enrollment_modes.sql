with

enrollments as (
    select * from {{ ref('fct_enrollments') }}
    where enrollment_status = 'registered'
),

courses as (
    select * from {{ ref('dim_courses') }}
),

counted as (
    select
        org,
        course_key,
        enrollment_mode,
        count() as learners
    from enrollments
    group by
        org,
        course_key,
        enrollment_mode
)

select
    counted.org as org,
    counted.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    courses.tags as tags,
    counted.enrollment_mode as enrollment_mode,
    counted.learners as learners
from counted
left any join courses
    on
        counted.org = courses.org
        and counted.course_key = courses.course_key
