{# The condition holds in every row; where it is null, too, it does not. #}
{% test always(model, condition, column_name=none) %}

select * from {{ model }}
where not ifNull({{ condition }}, false)

{% endtest %}
