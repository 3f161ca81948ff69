with

loads as (
    select * from {{ source('xapi', 'loads') }}
)

select
    load_id,
    source,
    content_hash,
    bytes,
    lines,
    landed,
    duplicates,
    conflicts,
    rejected,
    started_at,
    finished_at,
    (toUnixTimestamp64Micro(finished_at) - toUnixTimestamp64Micro(started_at)) / 1000000
        as seconds,
    loader_version
from loads
