{{ config(materialized='view') }}

with

metrics as (
    select * from {{ source('clickhouse', 'metrics') }}
),

asynchronous_metrics as (
    {{ rows_of_system_table(source('clickhouse', 'asynchronous_metrics'), {
        'metric': 'String',
        'value': 'Float64',
        'description': 'String',
    }) }}
)

select
    metric as name,
    'now' as kind,
    toFloat64(value) as value,
    description
from metrics
union all
select
    metric as name,
    'measured' as kind,
    toFloat64(value) as value,
    description
from asynchronous_metrics
where metric not in (select metric from metrics)
