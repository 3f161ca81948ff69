{#
    Whether a statement of the subject completion says that its object is complete: by its
    verb, else by its result (a progress of 100 % is complete); null if it does not say.
#}
{% macro completion_of_statement() -%}
    cast(
        multiIf(
            verb = 'completed', true,
            completion is not null, completion,
            progress is not null, progress >= 100,
            null
        ), 'Nullable(Bool)'
    )
{%- endmacro %}
