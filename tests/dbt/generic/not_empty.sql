{# Text is there. Columns here are '' and not null where there is nothing to say. #}
{% test not_empty(model, column_name) %}

select {{ column_name }} from {{ model }}
where {{ column_name }} = ''

{% endtest %}
