with

rejected_statements as (
    select * from {{ source('xapi', 'rejected_statements') }}
),

resolved_rejects as (
    select * from {{ source('xapi', 'resolved_rejects') }}
),

unresolved as (
    select * from rejected_statements
    where
        (load_id, line, byte_offset, raw_hash) not in (
            select
                load_id,
                line,
                byte_offset,
                raw_hash
            from resolved_rejects
        )
)

select
    source,
    reason,
    count() as rejections,
    uniqExact(load_id) as loads,
    min(received_at) as first_received_at,
    max(received_at) as last_received_at,
    argMax(load_id, (received_at, load_id, line)) as last_load_id,
    argMax(line, (received_at, load_id, line)) as last_line,
    argMax(detail, (received_at, load_id, line)) as last_detail
from unresolved
group by
    source,
    reason
