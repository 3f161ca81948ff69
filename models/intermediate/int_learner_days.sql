{%- set learner = ['org', 'course_key', 'actor_id', 'actor_home_page'] -%}
{%- set grain = learner + ['active_on'] -%}
{{
    config(
        materialized='incremental',
        full_refresh=never_without_history(),
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, actor_id, actor_home_page, active_on)',
        settings={'index_granularity': 1024, 'default_compression_codec': 'ZSTD(1)'},
        post_hook="{{ record_progress() }}",
    )
}}

with

{% if is_incremental() %}
touched as (
    {{ touched_grains(learner + ['toDate32(emission_time) as active_on'], "actor_id != ''") }}
),
{% endif %}

statements as (
    select
        *,
        toDate32(emission_time) as active_on
    from {{ latest(ref('stg_xapi__statements')) }}
    where
        actor_id != ''
        and subject != 'voiding'
    {% if is_incremental() %}
        and toDate32(emission_time) in (select active_on from touched)
        and (org, course_key, actor_id) in (select org, course_key, actor_id from touched)
        and (org, course_key, actor_id, actor_home_page, toDate32(emission_time))
        in (select * from touched)
    {% endif %}
),

days as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        active_on,
        max(statements.actor_kind) as actor_kind,
        count() as statements,
        min(emission_time) as first_at,
        max(emission_time) as last_at,
        maxOrNullIf(emission_time, subject = 'navigation') as last_visited_at,
        -- Seconds between one statement and the next.
        arrayMap(
            gap -> gap / 1000000,
            arrayPopFront(
                arrayDifference(
                    arraySort(groupArray(toUnixTimestamp64Micro(emission_time)))
                )
            )
        ) as gaps
    from statements
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        active_on
),

{% set idle_seconds = var('session_idle_minutes') * 60 %}
states as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        active_on,
        actor_kind,
        toUInt32(statements) as statements,
        first_at,
        last_at,
        last_visited_at,
        toUInt32(1 + arrayCount(gap -> gap > {{ idle_seconds }}, gaps)) as sessions,
        toUInt32(arraySum(gap -> if(gap > {{ idle_seconds }}, 0, gap), gaps)) as seconds_on_task
    from days
)

{{ rows_of_states(grain) }}
