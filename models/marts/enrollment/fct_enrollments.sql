with

learner_courses as (
    select * from {{ latest(ref('int_learner_courses')) }}
    where enrollment_status != ''
),

courses as (
    select * from {{ ref('dim_courses') }}
)

select
    learner_courses.org as org,
    learner_courses.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    learner_courses.actor_id as actor_id,
    learner_courses.actor_home_page as actor_home_page,
    learner_courses.enrollment_status as enrollment_status,
    learner_courses.enrollment_mode as enrollment_mode,
    learner_courses.first_enrolled_at as first_enrolled_at,
    assumeNotNull(learner_courses.enrollment_changed_at) as emission_time
from learner_courses
left any join courses
    on
        learner_courses.org = courses.org
        and learner_courses.course_key = courses.course_key
