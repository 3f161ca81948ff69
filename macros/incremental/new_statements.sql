{#
    The statements staged since this model's last success, each in its latest standing:
    `is_deleted` says that it no longer counts. Without FINAL, which would read the whole
    table: versions only grow, so the latest of each is among the new ones.
#}
{% macro new_statements(columns) -%}
    select
        {{ columns | join(',\n        ') }}
    from {{ ref('stg_xapi__statements') }}
    where staged_at > {{ seen_until() }}
    order by version desc
    limit 1 by subject, org, course_key, actor_id, emission_time, event_id
{%- endmacro %}

{# A version later than any before: states are written whole, the latest counts. #}
{% macro new_version() -%}
    toUInt64(toUnixTimestamp64Micro(now64(6)))
{%- endmacro %}
