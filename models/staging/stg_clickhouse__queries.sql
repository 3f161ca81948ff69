{{ config(materialized='view') }}

{% set query_log = source('clickhouse', 'query_log') %}

{% if has_system_table('query_log') %}
with

finished as (
    select * from {{ query_log }}
    where
        event_date >= today() - {{ var('slow_query_days') }}
        and type = 'QueryFinish'
        and is_initial_query
)

select
    normalized_query_hash as query_hash,
    toDateTime64(query_start_time_microseconds, 6, 'UTC') as started_at,
    toString(query_kind) as query_kind,
    query_duration_ms / 1000 as seconds,
    read_rows,
    memory_usage as memory_bytes,
    left({{ query_without_values('query') }}, 1000) as query_text
from finished
{% else %}
select
    toUInt64(0) as query_hash,
    toDateTime64(0, 6, 'UTC') as started_at,
    '' as query_kind,
    toFloat64(0) as seconds,
    toUInt64(0) as read_rows,
    toUInt64(0) as memory_bytes,
    '' as query_text
where false
{% endif %}
