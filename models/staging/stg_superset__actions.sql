{{ config(materialized='view') }}

with

actions as (
    select * from {{ latest(source('xapi', 'superset_actions')) }}
)

select
    superset,
    id as action_id,
    happened_at,
    event,
    user_id,
    dashboard_id,
    chart_id,
    -- What Superset's pages do by themselves, as charts that load when a dashboard opens, is none.
    cast(event in (
        'spa_navigation',
        'mount_dashboard',
        'mount_explorer',
        'select_dashboard_tab',
        'change_dashboard_filter',
        'change_explore_controls',
        'explore_dashboard_chart',
        'force_refresh_chart',
        'force_refresh_dashboard',
        'toggle_edit_dashboard',
        'drill_to_detail',
        'drill_by_modal_opened',
        'further_drill_by',
        'export_csv_dashboard_chart',
        'export_xlsx_dashboard_chart',
        'chart_download_as_image',
        'sqllab_run_query',
        'sqllab_save_query',
        'sqllab_download_csv',
        'sqllab_create_chart'
    ), 'Bool') as is_by_person
from actions
