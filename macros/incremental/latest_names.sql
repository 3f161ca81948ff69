{#
    One row a grain that any statement mentions, with the name that the latest statement
    to name it gave.

    Names are kept without reading history again: what is known and what is new suffice,
    as long as the statements that what is known rests on (the one that named it, the
    latest that mentions it) still count. Grains that rest on a statement which has
    changed are worked out from all their statements, and from what is known of those that
    were cut (docs/retention.md).
#}
{% macro latest_names(grain, name, counts) %}
{%- set keys = grain | join(', ') -%}
with

{% if is_incremental() %}
new as (
    select
        {{ keys }},
        name,
        emission_time,
        event_id,
        is_deleted
    from (
        {{ new_statements(['*', name ~ ' as name']) }}
    )
    where {{ counts }}
),

known as (
    select * from {{ latest(this) }}
    where ({{ keys }}) in (select {{ keys }} from new)
),

unsettled as (
    select {{ keys }} from known
    where
        last_event_id in (select event_id from new)
        or name_event_id in (select event_id from new)
),

mentions as (
    select
        {{ keys }},
        name,
        emission_time,
        event_id,
        not is_deleted as is_statement
    from new
    where ({{ keys }}) not in (select * from unsettled)
    union all
    select
        {{ keys }},
        '' as name,
        last_at as emission_time,
        last_event_id as event_id,
        1 as is_statement
    from known
    where ({{ keys }}) not in (select * from unsettled) or not {{ is_retained('last_at', ref('stg_xapi__statements')) }}
    union all
    select
        {{ keys }},
        name,
        name_at as emission_time,
        name_event_id as event_id,
        name != '' as is_statement
    from known
    where ({{ keys }}) not in (select * from unsettled) or not {{ is_retained('name_at', ref('stg_xapi__statements')) }}
    union all
    select
        {{ keys }},
        {{ name }} as name,
        emission_time,
        event_id,
        1 as is_statement
    from {{ latest(ref('stg_xapi__statements')) }}
    where
        {{ counts }}
        and ({{ keys }}) in (select * from unsettled)
    union all
    -- So that a grain without statements left is written as deleted.
    select
        {{ keys }},
        '' as name,
        toDateTime64(0, 6, 'UTC') as emission_time,
        toUUIDOrZero('') as event_id,
        0 as is_statement
    from unsettled
),
{% else %}
mentions as (
    select
        {{ keys }},
        {{ name }} as name,
        emission_time,
        event_id,
        1 as is_statement
    from {{ latest(ref('stg_xapi__statements')) }}
    where {{ counts }}
),
{% endif %}

latest as (
    select
        {{ keys }},
        argMaxIf(mentions.name, {{ happened() }}, is_statement and mentions.name != '') as name,
        argMaxIf(emission_time, {{ happened() }}, is_statement and mentions.name != '') as name_at,
        argMaxIf(event_id, {{ happened() }}, is_statement and mentions.name != '') as name_event_id,
        argMaxIf(emission_time, {{ happened() }}, is_statement) as last_at,
        argMaxIf(event_id, {{ happened() }}, is_statement) as last_event_id,
        toUInt8(max(is_statement) = 0) as is_deleted,
        {{ new_version() }} as version
    from mentions
    group by {{ keys }}
)

select * from latest
{% endmacro %}
