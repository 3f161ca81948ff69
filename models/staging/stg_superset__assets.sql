{{ config(materialized='view') }}

with

assets as (
    select * from {{ latest(source('xapi', 'superset_assets')) }}
)

select
    superset,
    toString(kind) as kind,
    id as asset_id,
    name
from assets
