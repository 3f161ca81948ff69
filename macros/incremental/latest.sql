{#
    A ReplacingMergeTree as readers may see it: the latest version of each row, without
    the deleted ones. In a unit test the rows are given as they are.
#}
{% macro latest(relation) -%}
    {{ relation }}{% if '__dbt__cte__' not in relation | string %} final{% endif %}
{%- endmacro %}
