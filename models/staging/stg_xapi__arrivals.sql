{{
    config(
        materialized='incremental',
        engine='MergeTree()',
        order_by='(planned_at, received_at)',
    )
}}

with

raw as (
    select * from {{ source('xapi', 'xapi_events_all') }}
),

arrivals as (
    select
        received_at,
        count() as statements
    from raw
    {% if is_incremental() %}
    where received_at >= (
        select max(received_at) - interval {{ var('lookback_minutes') }} minute
        from {{ this }}
    )
    {% endif %}
    group by received_at
),

unplanned as (
    select * from arrivals
    {% if is_incremental() %}
    where (received_at, statements) not in (
        select
            received_at,
            statements
        from {{ this }}
        where received_at >= (
            select max(received_at) - interval {{ var('lookback_minutes') }} minute
            from {{ this }}
        )
    )
    {% endif %}
)

select
    received_at,
    statements,
    now64(6, 'UTC') as planned_at
from unplanned
