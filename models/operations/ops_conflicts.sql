with

rejected_statements as (
    select * from {{ source('xapi', 'rejected_statements') }}
),

resolved_rejects as (
    select * from {{ source('xapi', 'resolved_rejects') }}
),

statement_ids as (
    select * from {{ source('xapi', 'statement_ids') }}
),

-- The detail begins with the id.
conflicts as (
    select
        *,
        toUUIDOrZero(substring(detail, 1, 36)) as event_id
    from rejected_statements
    where
        reason = 'id_conflict'
        and (load_id, line, byte_offset, raw_hash) not in (
            select
                load_id,
                line,
                byte_offset,
                raw_hash
            from resolved_rejects
        )
),

first_landed as (
    select
        event_id as landed_id,
        min(statement_ids.received_at) as landed_at,
        argMin(statement_ids.emission_time, statement_ids.received_at) as emission_time
    from statement_ids
    where event_id in (select event_id from conflicts)
    group by event_id
)

select
    conflicts.event_id as event_id,
    conflicts.source as source,
    conflicts.line as line,
    conflicts.byte_offset as byte_offset,
    conflicts.load_id as load_id,
    conflicts.received_at as received_at,
    first_landed.landed_at as first_landed_at,
    first_landed.emission_time as first_emission_time
from conflicts
left any join first_landed
    on conflicts.event_id = first_landed.landed_id
