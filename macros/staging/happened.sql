{# The order of statements: by time, then by id as it is written (the engine's own order of
   UUIDs is another). #}
{% macro happened() -%}
    (emission_time, UUIDToNum(event_id))
{%- endmacro %}
