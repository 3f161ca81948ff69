-- Of all copies of a statement one at most counts, whatever their times.
select
    event_id,
    count() as row_count
from {{ latest(ref('stg_xapi__statements')) }}
group by event_id
having row_count > 1
