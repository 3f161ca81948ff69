{%- set grain = ['org', 'course_key', 'actor_id', 'actor_home_page'] -%}
{{
    config(
        materialized='incremental',
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, actor_id, actor_home_page)',
        settings={'index_granularity': 1024, 'default_compression_codec': 'ZSTD(1)'},
        post_hook="{{ record_progress() }}",
    )
}}

with

{% if is_incremental() %}
touched as (
    {{ touched_grains(grain, "course_key != '' and actor_id != ''") }}
),
{% endif %}

statements as (
    select * from {{ history() }}
    where
        subject in ('enrollment', 'grade')
        and course_key != ''
        and actor_id != ''
    {% if is_incremental() %}
        and (org, course_key, actor_id) in (select org, course_key, actor_id from touched)
        and (org, course_key, actor_id, actor_home_page) in (select * from touched)
    {% endif %}
),

learner_days as (
    select * from {{ latest(ref('int_learner_days')) }}
    where
        course_key != ''
    {% if is_incremental() %}
        and (org, course_key, actor_id, actor_home_page) in (select * from touched)
    {% endif %}
),

events as (
    select
        *,
        {{ happened() }} as happened,
        subject = 'enrollment' as is_enrollment,
        -- The course itself was graded, not a part of it.
        subject = 'grade' and {{ is_about_the_course() }} as is_course_grade,
        multiIf(
            verb in ('passed', 'failed'), verb,
            letter_grade = '', '',
            lower(letter_grade) = 'fail', 'failed',
            'passed'
        ) as grade_verdict
    from statements
),

told as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,

        arrayMap(
            change -> (change.2, change.3, change.4),
            arraySort(
                groupArrayIf(
                    (
                        happened,
                        emission_time,
                        toString(verb),
                        toString(events.enrollment_mode)
                    ),
                    is_enrollment
                )
            )
        ) as enrollment_changes,
        tupleElement(enrollment_changes[-1], 2) as enrollment_status,
        tupleElement(enrollment_changes[-1], 3) as enrollment_mode,
        maxOrNullIf(emission_time, is_enrollment) as enrollment_changed_at,
        minOrNullIf(emission_time, verb = 'registered' and is_enrollment) as first_enrolled_at,

        argMaxOrNullIf(
            assumeNotNull(score_scaled), happened, is_course_grade and score_scaled is not null
        ) as course_grade,
        maxOrNullIf(emission_time, is_course_grade and score_scaled is not null) as graded_at,

        argMaxIf(events.grade_verdict, happened, is_course_grade and events.grade_verdict != '')
            as grade_verdict,
        maxOrNullIf(emission_time, is_course_grade and events.grade_verdict != '')
            as passing_state_at
    from events
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
),

active as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        min(first_at) as first_active_at,
        max(last_at) as last_active_at,
        max(learner_days.last_visited_at) as last_visited_at,
        arraySort(groupArray(active_on)) as active_days,
        toUInt64(sum(learner_days.seconds_on_task)) as seconds_on_task
    from learner_days
    group by
        org,
        course_key,
        actor_id,
        actor_home_page
),

states as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        enrollment_status,
        enrollment_mode,
        enrollment_changed_at,
        first_enrolled_at,
        enrollment_changes,
        course_grade,
        graded_at,
        grade_verdict,
        passing_state_at,
        first_active_at,
        last_active_at,
        last_visited_at,
        active_days,
        seconds_on_task
    from active
    full join told
        using ({{ grain | join(', ') }})
)

{{ rows_of_states(grain) }}
