{#
    CTEs that end in `to_stage`: the raw rows this run stages, each with

    is_loser    another copy of its id landed first (or was first at the same moment);
    is_voided   a voiding statement names it, whichever of them came first.

    A first build takes all there is. A later run takes what has arrived since, every
    other copy of these ids, and every statement that a new voiding names.
#}
{% macro statements_to_stage() -%}

raw as (
    select * from {{ source('xapi', 'xapi_events_all') }}
),

statement_ids as (
    select * from {{ source('xapi', 'statement_ids') }}
),

{% if is_incremental() %}
arrived as (
    select
        event_id,
        received_at
    from raw
    where received_at in (
        select received_at
        from {{ ref('stg_xapi__arrivals') }}
        where planned_at > {{ seen_until() }}
    )
),

-- Ids with several copies, and which of them landed first.
contested as (
    select
        event_id as contested_id,
        min((received_at, content_hash)) as first_copy,
        count() as copies
    from statement_ids
    where event_id in (select event_id from arrived)
    group by event_id
    having copies > 1
),

new_voidings as (
    select {{ voided_id('event') }} as target_id
    from raw
    where (emission_time, event_id) in (
        select
            emission_time,
            event_id
        from statement_ids
        where
            is_voiding
            and event_id in (select event_id from arrived)
    )
),

-- Statements that were staged before and may have changed their standing.
elsewhere as (
    select
        emission_time,
        event_id
    from statement_ids
    where
        event_id in (select contested_id from contested)
        or event_id in (select target_id from new_voidings)
),

voided as (
    select target_id from new_voidings
    union all
    select voided_statement_id
    from {{ latest(this) }}
    where subject = 'voiding'
),

candidates as (
    select * from raw
    where received_at in (
        select received_at
        from {{ ref('stg_xapi__arrivals') }}
        where planned_at > {{ seen_until() }}
    )
    union all
    select * from raw
    where (emission_time, event_id) in (select * from elsewhere)
),
{% else %}
contested as (
    select
        event_id as contested_id,
        min((received_at, content_hash)) as first_copy,
        count() as copies
    from statement_ids
    group by event_id
    having copies > 1
),

voided as (
    select {{ voided_id('event') }} as target_id
    from raw
    where (emission_time, event_id) in (
        select
            emission_time,
            event_id
        from statement_ids
        where is_voiding
    )
),

candidates as (
    select * from raw
),
{% endif %}

to_stage as (
    select
        candidates.*,
        copies > 1
        and (received_at, xxHash64(event)) != first_copy as is_loser,
        event_id in (
            select target_id from voided
            where target_id != toUUIDOrZero('')
        ) as is_voided
    from candidates
    left any join contested
        on candidates.event_id = contested.contested_id
)
{%- endmacro %}

{# The statement that a voiding statement names, else the empty id (xAPI 1.0.3 part 2, 2.3.2). #}
{% macro voided_id(event) -%}
    if(
        JSONExtractString({{ event }}, 'verb', 'id') = 'http://adlnet.gov/expapi/verbs/voided'
        and JSONExtractString({{ event }}, 'object', 'objectType') = 'StatementRef',
        toUUIDOrZero(JSONExtractString({{ event }}, 'object', 'id')), toUUIDOrZero('')
    )
{%- endmacro %}
