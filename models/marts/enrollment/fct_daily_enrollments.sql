with

statements as (
    select * from {{ history() }}
    where
        subject = 'enrollment'
        and course_key != ''
),

courses as (
    select * from {{ ref('dim_courses') }}
),

daily as (
    select
        org,
        course_key,
        toDate32(emission_time) as enrolled_on,
        enrollment_mode,
        verb as enrollment_status,
        count() as changes,
        uniqExact(actor_id, actor_home_page) as learners
    from statements
    group by
        org,
        course_key,
        enrolled_on,
        enrollment_mode,
        enrollment_status
)

select
    daily.org as org,
    daily.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    daily.enrolled_on as enrolled_on,
    daily.enrollment_mode as enrollment_mode,
    daily.enrollment_status as enrollment_status,
    daily.changes as changes,
    daily.learners as learners
from daily
left any join courses
    on
        daily.org = courses.org
        and daily.course_key = courses.course_key
