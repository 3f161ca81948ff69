{{ config(materialized='view') }}

with

users as (
    select * from {{ latest(source('xapi', 'superset_users')) }}
),

-- Who was not listed the last time is gone.
lists as (
    select
        superset,
        max(listed_at) as listed_at
    from users
    group by superset
)

select
    superset,
    id as user_id,
    created_at,
    is_active
from users
where
    (superset, listed_at) in (
        select
            superset,
            listed_at
        from lists
    )
