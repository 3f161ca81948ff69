with

engine as (
    select * from {{ ref('stg_clickhouse__metrics') }}
),

parts as (
    select * from {{ source('clickhouse', 'parts') }}
    where
        active
        and database in ('xapi', 'event_sink', 'access')
),

disks as (
    select * from {{ source('clickhouse', 'disks') }}
),

partitions as (
    select count() as parts from parts
    group by
        database,
        table,
        partition_id
),

warehouse as (
    select
        arrayJoin([
            ('WarehouseRows', sum("rows"), 'Rows of all tables of the warehouse.'),
            (
                'WarehouseBytesOnDisk',
                sum(bytes_on_disk),
                'Bytes of all tables of the warehouse, compressed.'
            ),
            (
                'WarehouseBytesUncompressed',
                sum(data_uncompressed_bytes),
                'The same bytes without compression.'
            ),
            (
                'StatementsBytesOnDisk',
                sumIf(bytes_on_disk, table = 'xapi_events_all'),
                'Bytes of the statements as they landed, compressed.'
            ),
            ('WarehouseParts', count(), 'Parts of all tables, which merges keep few.')
        ]) as metric
    from parts
),

busiest as (
    select
        (
            'MostPartsOfAPartition',
            max(partitions.parts),
            'Parts of the partition that has most; inserts slow down from some 1,000 on.'
        ) as metric
    from partitions
),

room as (
    select
        arrayJoin([
            ('DiskFreeBytes', sum(free_space), 'Bytes that are free on the disks of the server.'),
            ('DiskTotalBytes', sum(total_space), 'Bytes of the disks of the server.')
        ]) as metric
    from disks
    -- A place in a store of objects has no size.
    where total_space < 9223372036854775807
),

computed as (
    select metric from warehouse
    union all
    select metric from busiest
    union all
    select metric from room
),

named as (
    select
        metric.1 as name,
        'warehouse' as kind,
        toFloat64(metric.2) as value,
        metric.3 as description
    from computed
    union all
    select
        name,
        kind,
        value,
        description
    from engine
)

select
    name,
    kind,
    value,
    description
from named
