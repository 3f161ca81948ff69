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
        engine = ReplicatedMergeTree order by (model, seen_until)
    {% else %}
        create table if not exists {{ progress_relation() }}
            (model String, seen_until DateTime64(6, 'UTC'), finished_at DateTime64(6, 'UTC'))
        engine = MergeTree order by (model, seen_until)
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

{# A post-hook: this model has seen `column` of `input` as far as it goes. #}
{% macro record_progress(input, column) -%}
    insert into {{ progress_relation() }}
    select '{{ this.name }}', max({{ column }}), now64(6) from {{ input }}
{%- endmacro %}
