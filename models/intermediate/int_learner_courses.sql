{{
    config(
        materialized='incremental',
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, actor_id, actor_home_page)',
        post_hook="{{ record_progress(ref('stg_xapi__statements'), 'staged_at') }}",
    )
}}

with

statements as (
    select * from {{ latest(ref('stg_xapi__statements')) }}
    where
        course_key != ''
        and actor_id != ''
        and subject != 'voiding'
),

{% if is_incremental() %}
touched as (
    select distinct
        org,
        course_key,
        actor_id,
        actor_home_page
    from {{ ref('stg_xapi__statements') }}
    where
        staged_at > {{ seen_until() }}
        and course_key != ''
        and actor_id != ''
),
{% endif %}

events as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        emission_time,
        {{ happened() }} as happened,
        subject,
        verb,
        enrollment_mode,
        -- The course itself was graded, not a part of it.
        subject = 'grade' and endsWith(object_id, course_key) as is_course_grade,
        score_scaled,
        multiIf(
            verb in ('passed', 'failed'), verb,
            letter_grade = '', '',
            lower(letter_grade) = 'fail', 'failed',
            'passed'
        ) as grade_verdict,
        1 as is_statement
    from statements
    {% if is_incremental() %}
    where (org, course_key, actor_id, actor_home_page) in (select * from touched)
    union all
    -- A learner without statements left is written as deleted.
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        toDateTime64(0, 6, 'UTC') as emission_time,
        (emission_time, toFixedString('', 16)) as happened,
        '' as subject,
        '' as verb,
        '' as enrollment_mode,
        0 as is_course_grade,
        null as score_scaled,
        '' as grade_verdict,
        0 as is_statement
    from touched
    {% endif %}
),

states as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,

        argMaxIf(verb, happened, subject = 'enrollment') as enrollment_status,
        argMaxIf(events.enrollment_mode, happened, subject = 'enrollment') as enrollment_mode,
        maxOrNullIf(emission_time, subject = 'enrollment') as enrollment_changed_at,
        minOrNullIf(emission_time, verb = 'registered' and subject = 'enrollment')
            as first_enrolled_at,

        argMaxOrNullIf(
            assumeNotNull(score_scaled), happened, is_course_grade and score_scaled is not null
        ) as course_grade,
        maxOrNullIf(emission_time, is_course_grade and score_scaled is not null) as graded_at,

        argMaxIf(events.grade_verdict, happened, is_course_grade and events.grade_verdict != '')
            as grade_verdict,
        maxOrNullIf(emission_time, is_course_grade and events.grade_verdict != '')
            as passing_state_at,

        maxOrNullIf(emission_time, subject = 'navigation') as last_visited_at,
        maxIf(emission_time, is_statement) as last_active_at,

        toUInt8(max(is_statement) = 0) as is_deleted,
        {{ new_version() }} as version
    from events
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
)

select * from states
