with

counted as (
    select sum(fct_daily_activity.statements) as statements
    from {{ ref('fct_daily_activity') }}
    where active_on >= toDate32({{ retained_from() }})
),

staged as (
    select count() as statements
    from {{ latest(ref('stg_xapi__statements')) }}
    where
        subject != 'voiding'
        and actor_id != ''
)

select
    counted.statements as counted,
    staged.statements as staged
from counted
cross join staged
where counted != staged
