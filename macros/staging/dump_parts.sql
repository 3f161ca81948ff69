{#
    CTEs that end in `latest`: the items of `rows`, each as its latest dump has it, and
    whether it is still there (`is_present`).

    Every row of a dump may come with a dump_id and a time of its own, and an item that was
    changed comes alone. So a dump is told by this: when it repeats an item, it repeats all
    that belong to the same whole. What it has not repeated by then was removed. Rows less
    than `dump_minutes` apart may be of one dump.
#}
{% macro latest_items(rows, whole, item, details) -%}
items as (
    select
        {{ ([whole] + item) | join(',\n        ') }},
        {%- for detail in details %}
        argMax({{ rows }}.{{ detail }}, (dumped_at, dump_id)) as {{ detail }},
        {%- endfor %}
        min(dumped_at) as first_dumped_at,
        max(dumped_at) as last_dumped_at
    from {{ rows }}
    group by
        {{ ([whole] + item) | join(',\n        ') }}
),

repetitions as (
    select
        {{ whole }},
        maxIf(
            last_dumped_at,
            last_dumped_at > first_dumped_at + interval {{ var('dump_minutes') }} minute
        ) as repeated_at
    from items
    group by {{ whole }}
),

latest as (
    select
        items.*,
        last_dumped_at + interval {{ var('dump_minutes') }} minute >= repeated_at as is_present
    from items
    inner join repetitions
        on items.{{ whole }} = repetitions.{{ whole }}
)
{%- endmacro %}

{# The lineage of a tag from the root down to itself, which some dumps leave out. #}
{% macro lineage_of(lineage, tag) -%}
    if(
        JSONExtract({{ lineage }}, 'Array(String)')[-1] = {{ tag }},
        JSONExtract({{ lineage }}, 'Array(String)'),
        arrayPushBack(JSONExtract({{ lineage }}, 'Array(String)'), {{ tag }})
    )
{%- endmacro %}

{# When a row was dumped; 1970 if what stands there is no time. #}
{% macro dumped_at() -%}
    ifNull({{ moment('time_last_dumped') }}, toDateTime64(0, 6, 'UTC'))
{%- endmacro %}
