with

actions as (
    select * from {{ ref('stg_superset__actions') }}
),

assets as (
    select * from {{ ref('stg_superset__assets') }}
),

-- What else people do is of no dashboard or chart in particular.
placed as (
    select
        superset,
        toDate32(happened_at) as used_on,
        user_id,
        is_by_person,
        multiIf(
            event = 'mount_dashboard', 'dashboard',
            event in ('load_chart', 'mount_explorer'), 'chart',
            'other'
        ) as used,
        multiIf(used = 'dashboard', dashboard_id, used = 'chart', chart_id, 0) as asset_id,
        event in ('mount_dashboard', 'load_chart') as is_view
    from actions
    where
        is_by_person
        or event = 'load_chart'
),

counted as (
    select
        superset,
        used_on,
        user_id,
        used,
        asset_id,
        countIf(is_view) as views,
        countIf(is_by_person) as actions
    from placed
    group by
        superset,
        used_on,
        user_id,
        used,
        asset_id
)

select
    counted.superset as superset,
    counted.used_on as used_on,
    counted.user_id as user_id,
    counted.used as used,
    toUInt64(counted.asset_id) as asset_id,
    assets.name as asset_name,
    counted.views as views,
    counted.actions as actions
from counted
left any join assets
    on
        counted.superset = assets.superset
        and counted.used = assets.kind
        and counted.asset_id = assets.asset_id
