{{ config(materialized='view') }}

{% set asynchronous_metrics = source('clickhouse', 'asynchronous_metrics') %}

with

metrics as (
    select * from {{ source('clickhouse', 'metrics') }}
),

now_metrics as (
    select
        metric as name,
        'now' as kind,
        toFloat64(value) as value,
        description
    from metrics
)

select * from now_metrics
{% if has_system_table('asynchronous_metrics') %}
union all
select
    metric as name,
    'measured' as kind,
    toFloat64(value) as value,
    description
from {{ asynchronous_metrics }}
where metric not in (select name from now_metrics)
{% endif %}
