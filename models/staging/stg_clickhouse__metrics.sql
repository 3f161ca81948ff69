{# Reads in the name of the user of the published views, so that dbt's needs no right on metrics. #}
{{
    config(
        materialized='view',
        sql_security='definer' if env_var('WAREHOUSE_VIEWS_USER', '') else '',
        definer=env_var('WAREHOUSE_VIEWS_USER', ''),
    )
}}

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
