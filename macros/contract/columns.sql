{#
    Compares the columns that a model has with those that its contract promises. dbt-clickhouse
    learns them from a SELECT without rows, for which the engine yet plans all of it and fills
    every set of an IN: with some sixty views that was a good part of a run. DESCRIBE works out
    types and reads nothing.
#}
{% macro clickhouse__get_assert_columns_equivalent(sql) -%}
    {%- set promised = model['columns'].values() | list -%}
    {%- set columns = [] -%}
    {%- for row in run_query('describe table (\n' ~ sql ~ '\n)').rows -%}
        {%- do columns.append(api.Column.create(row[0], row[1])) -%}
    {%- endfor -%}
    {%- set found = adapter.format_columns(columns) -%}
    {%- set types = {} -%}
    {%- for column in found -%}
        {%- do types.update({column['name']: column['data_type']}) -%}
    {%- endfor -%}
    {%- if found | length != promised | length -%}
        {%- do exceptions.raise_contract_error(promised, found) -%}
    {%- endif -%}
    {%- for column in promised -%}
        {%- if types.get(column['name']) != column['data_type'] -%}
            {%- do exceptions.raise_contract_error(promised, found) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
