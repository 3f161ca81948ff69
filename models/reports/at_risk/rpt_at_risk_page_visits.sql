with

all_visits as (
    select * from {{ latest(ref('int_page_visits')) }}
),

visits as (
    {{ of_learners_at_risk('all_visits') }}
),

{{ page_visits() }}
