with

periods as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        enrollment_mode
    from {{ ref('fct_enrollment_history') }}
    where is_current
),

enrollments as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        enrollment_mode
    from {{ ref('fct_enrollments') }}
    where enrollment_status = 'registered'
),

both as (
    select * from periods
    union all
    select * from enrollments
)

-- Whoever is registered has one period that lasts, in the same mode.
select
    *,
    count() as row_count
from both
group by all
having row_count != 2
