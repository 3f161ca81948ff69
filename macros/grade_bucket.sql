{# A grade (0 to 1) by tens: the exact grade decides, so 0.8999 is in 80-89%. #}
{% macro grade_bucket(grade) -%}
    cast(
        toInt8(multiIf({{ grade }} >= 0.9, 9, {{ grade }} < 0.1, 0, floor({{ grade }} * 10))),
        'Nullable(Enum8(
            \'0-9%\' = 0, \'10-19%\' = 1, \'20-29%\' = 2, \'30-39%\' = 3, \'40-49%\' = 4,
            \'50-59%\' = 5, \'60-69%\' = 6, \'70-79%\' = 7, \'80-89%\' = 8, \'90-100%\' = 9
        ))'
    )
{%- endmacro %}
