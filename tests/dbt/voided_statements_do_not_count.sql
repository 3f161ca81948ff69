select event_id
from {{ latest(ref('stg_xapi__statements')) }}
where
    subject != 'voiding'
    and event_id in (
        select voided_statement_id
        from {{ latest(ref('stg_xapi__statements')) }}
        where subject = 'voiding'
    )
