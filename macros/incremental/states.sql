{#
    A state is one row a grain, worked out from all of the grain's statements and written
    whole as a newer version. A later run does so for the grains that it finds touched.
#}

{# The grains of the statements staged since this model's last success. #}
{% macro touched_grains(grain, counts) -%}
    select distinct {{ grain | join(', ') }}
    from {{ ref('stg_xapi__statements') }}
    where
        staged_at > {{ seen_until() }}
        and {{ counts }}
{%- endmacro %}

{#
    `states` as rows to write, its grain first among its columns. A grain that was touched
    and has no state any more, its statements being voided, is written as deleted.
#}
{% macro rows_of_states(grain) -%}
    {% if is_incremental() -%}
    select
        * except (is_state),
        toUInt8(not is_state) as is_deleted,
        {{ new_version() }} as version
    from touched
    left any join (select *, true as is_state from states) as found
        using ({{ grain | join(', ') }})
    {%- else -%}
    select
        *,
        toUInt8(0) as is_deleted,
        {{ new_version() }} as version
    from states
    {%- endif %}
{%- endmacro %}
