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
    where {{ is_retained('emission_time', source('xapi', 'xapi_events_all')) }}
),

statement_ids as (
    select * from {{ source('xapi', 'statement_ids') }}
),

{% if is_incremental() %}
arrived as (
    select * from raw
    where received_at in (
        select received_at
        from {{ ref('stg_xapi__arrivals') }}
        where planned_at > {{ seen_until() }}
    )
),

landed as (
    select * from statement_ids
    where event_id in (select event_id from arrived)
),
{% else %}
landed as (
    select * from statement_ids
),
{% endif %}

repeated as (
    select
        event_id,
        count() as copies
    from landed
    group by event_id
    having copies > 1
),

-- Of the ids with several copies, which of those that the raw table has landed first.
contested as (
    select
        event_id as contested_id,
        min((received_at, xxHash64(event))) as first_copy,
        true as is_contested
    from raw
    where (emission_time, event_id) in (
        select
            emission_time,
            event_id
        from landed
        where event_id in (select event_id from repeated)
    )
    group by event_id
),

voidings as (
    select
        {{ voided_id('event') }} as target_id,
        is_contested and (received_at, xxHash64(event)) != first_copy as is_loser
    from (
        select * from raw
        where (emission_time, event_id) in (
            select
                emission_time,
                event_id
            from landed
            where is_voiding
        )
    ) as new_voidings
    left any join contested
        on new_voidings.event_id = contested.contested_id
    where target_id != toUUIDOrZero('')
),

{% if is_incremental() %}
-- Statements that were staged before and may have changed their standing.
elsewhere as (
    select
        emission_time,
        event_id
    from statement_ids
    where
        event_id in (select event_id from repeated)
        or event_id in (select target_id from voidings)
),

voided as (
    select target_id from voidings
    where not is_loser
    union all
    select voided_statement_id
    from {{ latest(this) }}
    where
        subject = 'voiding'
        and voided_statement_id != toUUIDOrZero('')
),

candidates as (
    select * from arrived
    union all
    select * from raw
    where (emission_time, event_id) in (select * from elsewhere)
),
{% else %}
voided as (
    select target_id from voidings
    where not is_loser
),

candidates as (
    select * from raw
),
{% endif %}

to_stage as (
    select
        candidates.*,
        is_contested and (received_at, xxHash64(event)) != first_copy as is_loser,
        event_id in (select target_id from voided) as is_voided
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
