with

courses as (
    select * from {{ ref('int_courses') }}
)

select
    org,
    course_key,
    course_name,
    course_run,
    course_start,
    course_end,
    enrollment_start,
    enrollment_end,
    is_self_paced,
    language,
    last_published_at,
    tags,
    is_in_catalogue
from courses
