with

arrivals as (
    select * from {{ ref('stg_xapi__arrivals') }}
),

raw as (
    select * from {{ source('xapi', 'xapi_events_all') }}
),

landed as (
    select
        count() as statements,
        max(received_at) as last_received_at,
        max(emission_time) as last_emission_time
    from raw
),

waiting as (
    select count() as statements from raw
    where received_at not in (select received_at from arrivals)
),

staged as (
    select
        max(received_at) as staged_until,
        max(planned_at) as staged_at
    from arrivals
)

select
    landed.statements as statements,
    landed.last_emission_time as last_emission_time,
    landed.last_received_at as last_received_at,
    staged.staged_until as staged_until,
    staged.staged_at as staged_at,
    waiting.statements as statements_waiting,
    cast(waiting.statements > 0, 'Bool') as is_behind
from landed
cross join staged
cross join waiting
