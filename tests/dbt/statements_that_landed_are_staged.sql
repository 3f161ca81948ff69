-- Every statement that a run has planned is in staging, be it as deleted. A day is enough
-- to look at, as this is asked every day.
select event_id
from {{ source('xapi', 'statement_ids') }}
where
    received_at > now() - interval 1 day
    and emission_time >= {{ retained_from() }}
    and received_at in (
        select received_at from {{ ref('stg_xapi__arrivals') }}
    )
    and event_id not in (
        select event_id
        from {{ ref('stg_xapi__statements') }}
        where received_at > now() - interval 1 day
    )
