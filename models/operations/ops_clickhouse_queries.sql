with

queries as (
    select * from {{ ref('stg_clickhouse__queries') }}
),

slowest as (
    select
        query_hash,
        argMax(started_at, (queries.seconds, started_at)) as slowest_at,
        max(queries.seconds) as slowest_seconds,
        avg(queries.seconds) as average_seconds,
        sum(queries.seconds) as total_seconds,
        count() as runs,
        max(queries.read_rows) as read_rows,
        max(queries.memory_bytes) as memory_bytes
    from queries
    group by query_hash
    order by
        slowest_seconds desc,
        query_hash asc
    limit 100
),

-- Texts are large: those of the slowest alone are read.
texts as (
    select
        query_hash,
        min(query_kind) as kind,
        min(query_text) as text
    from queries
    where
        (query_hash, started_at) in (
            select
                query_hash,
                slowest_at
            from slowest
        )
    group by query_hash
)

select
    slowest.query_hash as query_hash,
    texts.kind as query_kind,
    texts.text as query_text,
    slowest.runs as runs,
    slowest.slowest_at as slowest_at,
    slowest.slowest_seconds as slowest_seconds,
    slowest.average_seconds as average_seconds,
    slowest.total_seconds as total_seconds,
    slowest.read_rows as read_rows,
    slowest.memory_bytes as memory_bytes
from slowest
left any join texts
    on slowest.query_hash = texts.query_hash
