with

learners as (
    select * from {{ latest(ref('int_learner_courses')) }}
),

completions as (
    select * from {{ latest(ref('int_block_completions')) }}
),

{{ completable_items() }},

courses as (
    select * from {{ ref('dim_courses') }}
),

done as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        countIf(is_completed and (course_key, block_id) in (select * from items))
            as blocks_completed,
        -- The state without a block is that of the course itself.
        max(is_completed and block_id = '') as is_course_completed,
        maxIf(first_completed_at, block_id = '') as course_completed_at
    from completions
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
)

select
    learners.org as org,
    learners.course_key as course_key,
    courses.course_name as course_name,
    courses.course_run as course_run,
    learners.actor_id as actor_id,
    learners.actor_home_page as actor_home_page,
    done.blocks_completed as blocks_completed,
    totals.blocks_total as blocks_total,
    done.blocks_completed / nullIf(totals.blocks_total, 0) as share_completed,
    cast(done.is_course_completed, 'Bool') as is_course_completed,
    done.course_completed_at as course_completed_at
from learners
left any join done
    on
        learners.org = done.org
        and learners.course_key = done.course_key
        and learners.actor_id = done.actor_id
        and learners.actor_home_page = done.actor_home_page
left any join totals
    on learners.course_key = totals.course_key
left any join courses
    on
        learners.org = courses.org
        and learners.course_key = courses.course_key
