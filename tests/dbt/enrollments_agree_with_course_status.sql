with

enrollments as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        enrollment_status,
        enrollment_mode,
        first_enrolled_at,
        emission_time
    from {{ ref('fct_enrollments') }}
),

statuses as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        enrollment_status,
        enrollment_mode,
        first_enrolled_at,
        assumeNotNull(enrollment_changed_at) as emission_time
    from {{ ref('fct_learner_course_status') }}
    where enrollment_status != ''
),

both as (
    select * from enrollments
    union all
    select * from statuses
)

-- What agrees is there twice.
select
    *,
    count() as row_count
from both
group by all
having row_count != 2
