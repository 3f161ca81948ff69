{%- set grain = ['org', 'course_key', 'object_id', 'actor_id', 'actor_home_page'] -%}
{%- set counts = "subject = 'video' and course_key != '' and actor_id != '' and object_id != ''" -%}
{{
    config(
        materialized='incremental',
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, object_id, actor_id, actor_home_page)',
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
        and (org, course_key, object_id, actor_id, actor_home_page) in (select * from touched)
    {% endif %}
),

events as (
    select
        org,
        course_key,
        object_id,
        actor_id,
        actor_home_page,
        block_id,
        object_name,
        emission_time,
        {{ happened() }} as happened,
        verb,
        verb = 'played' as is_play,
        coalesce(video_position, video_from, if(verb = 'completed', video_length, null))
            as seconds,
        {{ video_position('seconds') }} as position,
        video_length
    from statements
),

histories as (
    select
        org,
        course_key,
        object_id,
        actor_id,
        actor_home_page,
        max(events.block_id) as block_id,
        argMaxIf(events.object_name, happened, events.object_name != '') as object_name,
        argMaxOrNullIf(assumeNotNull(events.video_length), happened, events.video_length > 0)
            as video_length,
        countIf(is_play) as plays,
        minIf(emission_time, verb != 'initialized') as first_viewed_at,
        maxIf(emission_time, verb != 'initialized') as last_viewed_at,
        -- In order of time, a play after what happened at the same moment.
        arrayMap(
            event -> (event.1, event.2, event.4, event.5),
            arraySort(
                groupArrayIf(
                    (
                        toUnixTimestamp64Micro(emission_time),
                        is_play,
                        happened.2,
                        toInt64(assumeNotNull(position)),
                        toInt64(floor(ifNull(events.video_length, 0) + 0.5))
                    ),
                    verb != 'initialized' and position is not null
                )
            )
        ) as history
    from events
    group by
        org,
        course_key,
        object_id,
        actor_id,
        actor_home_page
),

stretches as (
    select
        *,
        {{ watched_stretches('history') }} as stretches
    from histories
),

states as (
    select
        org,
        course_key,
        object_id,
        actor_id,
        actor_home_page,
        block_id,
        object_name,
        video_length,
        plays,
        first_viewed_at,
        last_viewed_at,
        if(empty(history), null, toUInt32(tupleElement(history[-1], 3))) as last_position,
        {{ watch_counts('stretches') }} as watched
    from stretches
)

{{ rows_of_states(grain) }}
