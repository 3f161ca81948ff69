with

visits as (
    select * from {{ latest(ref('int_page_visits')) }}
),

{{ page_visits() }}
