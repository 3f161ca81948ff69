{%- set grain = ['org', 'course_key', 'actor_id', 'actor_home_page', 'block_id'] -%}
{%- set counts -%}
    subject = 'completion' and course_key != '' and actor_id != ''
    and (
        block_id != ''
        or (activity_type = 'course' and (object_id = course_key or {{ is_of_open_edx() }}))
    )
{%- endset -%}
{{
    config(
        materialized='incremental',
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, actor_id, actor_home_page, block_id)',
        settings={'index_granularity': 1024, 'default_compression_codec': 'ZSTD(1)'},
        post_hook="{{ record_progress() }}",
    )
}}

with

{% if is_incremental() %}
touched as (
    {{ touched_grains(grain, counts) }}
),
{% endif %}

statements as (
    select * from {{ history() }}
    where
        {{ counts }}
    {% if is_incremental() %}
        and (org, course_key, actor_id) in (select org, course_key, actor_id from touched)
        and (org, course_key, actor_id, actor_home_page, block_id) in (select * from touched)
    {% endif %}
),

events as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        block_id,
        emission_time,
        {{ happened() }} as happened,
        {{ completion_of('statements') }} as is_completed,
        multiIf(
            verb = 'completed', 1,
            statements.progress > 100, 1,
            statements.progress < 0, 0,
            statements.progress / 100
        ) as progress
    from statements
),

states as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        block_id,
        ifNull(argMax(events.is_completed, happened), false) as is_completed,
        argMax(events.progress, happened) as progress,
        minOrNullIf(emission_time, events.is_completed) as first_completed_at,
        max(emission_time) as last_at
    from events
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        block_id
)

{{ rows_of_states(grain) }}
