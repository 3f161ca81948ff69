{#
    Every row has its counterpart in another model: `columns` here are `to_columns` there,
    by default of the same names. dbt's own `relationships` compares one column only.
#}
{% test found_in(model, columns, to, to_columns=none) %}

select {{ columns | join(', ') }}
from {{ model }}
where ({{ columns | join(', ') }}) not in (
    select {{ (to_columns or columns) | join(', ') }} from {{ to }}
)

{% endtest %}
