{{ config(materialized='view') }}

with

query_log as (
    {{ rows_of_system_table(source('clickhouse', 'query_log'), {
        'type': 'String',
        'event_date': 'Date',
        'query_start_time_microseconds': 'DateTime64(6)',
        'query_duration_ms': 'UInt64',
        'read_rows': 'UInt64',
        'memory_usage': 'UInt64',
        'query': 'String',
        'normalized_query_hash': 'UInt64',
        'query_kind': 'String',
        'is_initial_query': 'UInt8',
    }) }}
),

finished as (
    select * from query_log
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
