{%- set page = ['org', 'course_key', 'actor_id', 'actor_home_page', 'block_id'] -%}
{%- set grain = page + ['position', 'visited_on'] -%}
{%- set counts = "subject = 'navigation' and course_key != '' and actor_id != ''"
    ~ " and block_id != ''" -%}
{#- The tab of a sequence that was being left; a unit is a page by itself, wherever it is. -#}
{%- set position -%}
    if(block_id like '%type@sequential+block@%', greatest(ifNull(starting_position, 0), 0), 0)
{%- endset -%}
{{
    config(
        materialized='incremental',
        full_refresh=never_without_history(),
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, actor_id, actor_home_page, block_id, position, visited_on)',
        settings={'index_granularity': 1024, 'default_compression_codec': 'ZSTD(1)'},
        post_hook="{{ record_progress() }}",
    )
}}

with

{% if is_incremental() %}
touched as (
    {{ touched_grains(
        page + [position ~ ' as position', 'toDate32(emission_time) as visited_on'], counts
    ) }}
),
{% endif %}

visits as (
    select
        *,
        {{ position }} as position,
        toDate32(emission_time) as visited_on
    from {{ latest(ref('stg_xapi__statements')) }}
    where
        {{ counts }}
    {% if is_incremental() %}
        and toDate32(emission_time) in (select visited_on from touched)
        and (org, course_key, actor_id) in (select org, course_key, actor_id from touched)
        and (
            org, course_key, actor_id, actor_home_page, block_id,
            {{ position }}, toDate32(emission_time)
        ) in (select * from touched)
    {% endif %}
),

states as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page,
        block_id,
        position,
        visited_on,
        toUInt32(count()) as visits,
        min(emission_time) as first_at,
        max(emission_time) as last_at
    from visits
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        block_id,
        position,
        visited_on
)

{{ rows_of_states(grain) }}
