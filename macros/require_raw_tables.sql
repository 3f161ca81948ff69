{# Plain words instead of an unknown table in the middle of a run. #}
{% macro require_raw_tables() -%}
    {% if execute and flags.WHICH in ('run', 'build', 'test', 'seed', 'source') %}
        {% set found = run_query(
            "select count() as found from system.tables where database = 'xapi' and name = 'superset_actions'"
        ) %}
        {% if not found.columns[0][0] %}
            {{ exceptions.raise_compiler_error(
                "This warehouse has no raw tables yet, or those of an older version: run `loader init` "
                ~ "(or `loader ingest FILE`, which does it) and then dbt again."
            ) }}
        {% endif %}
    {% endif %}
    select 1
{%- endmacro %}
