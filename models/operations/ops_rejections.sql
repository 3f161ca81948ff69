with

rejected_statements as (
    select * from {{ source('xapi', 'rejected_statements') }}
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
from rejected_statements
group by
    source,
    reason
