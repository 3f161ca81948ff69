{#
    Whether a statement of the subject completion says that its object is complete: by its
    verb, else by its result (a progress of 100 % is complete); null if it does not say.
#}
{% macro completion_of(statement) -%}
    cast(
        multiIf(
            {{ statement }}.verb in ('completed', 'satisfied', 'waived'), true,
            {{ statement }}.verb = 'uncompleted', false,
            {{ statement }}.completion is not null, {{ statement }}.completion,
            {{ statement }}.progress is not null, {{ statement }}.progress >= 100,
            null
        ), 'Nullable(Bool)'
    )
{%- endmacro %}
