with

users as (
    select * from {{ ref('stg_superset__users') }}
),

actions as (
    select * from {{ ref('stg_superset__actions') }}
),

active as (
    select
        superset,
        user_id,
        max(happened_at) as last_active_at
    from actions
    where is_by_person
    group by
        superset,
        user_id
)

select
    users.superset as superset,
    users.user_id as user_id,
    toDate32(users.created_at) as registered_on,
    users.is_active as may_log_in,
    if(active.user_id = 0, null, active.last_active_at) as last_active_at
from users
left any join active
    on
        users.superset = active.superset
        and users.user_id = active.user_id
