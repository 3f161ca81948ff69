{#
    How far each incremental model has seen, written after the model has succeeded.

    An insert is not atomic: a run that died half-way has left some of its rows, so
    what a table holds does not tell how far it got. This does. A model that finds no
    progress of its own starts from the beginning; what it writes again are newer
    versions of the same rows.
#}
{% macro progress_relation() -%}
    {{ target.schema }}.model_progress
{%- endmacro %}

{% macro create_model_progress() -%}
    {% if target.name == 'cluster' %}
        create table if not exists {{ target.schema }}.model_progress_local
            on cluster {{ target.cluster }}
            (model String, seen_until DateTime64(6, 'UTC'), finished_at DateTime64(6, 'UTC'))
        engine = ReplicatedReplacingMergeTree(finished_at) order by model
    {% else %}
        create table if not exists {{ progress_relation() }}
            (model String, seen_until DateTime64(6, 'UTC'), finished_at DateTime64(6, 'UTC'))
        engine = ReplacingMergeTree(finished_at) order by model
    {% endif %}
{%- endmacro %}

{# The moment up to which this model has seen its input; 1970 before its first success. #}
{% macro seen_until() -%}
    (
        select max(progress.seen_until)
        from {{ progress_relation() }} as progress
        where progress.model = '{{ this.name }}'
    )
{%- endmacro %}

{#
    A post-hook: this model has seen `column` of `input` as far as it goes now. Only one
    dbt run at a time writes to them.
#}
{% macro record_progress(input='stg_xapi__statements', column='staged_at') -%}
    insert into {{ progress_relation() }}
    select
        '{{ this.name }}',
        greatest(max({{ column }}), {{ seen_until() }}),
        now64(6)
    from {{ ref(input) }}
    where {{ column }} > {{ seen_until() }}
{%- endmacro %}
