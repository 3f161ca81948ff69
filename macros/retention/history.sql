{#
    Retention (docs/retention.md). What happened before the cut is gone from the raw table and
    from staging; of the subjects below, on which states rest, the typed rows are kept.

    The cut is what was done, not what is set: it moves when all is kept that states need.
#}

{% macro kept_subjects() -%}
    {{ return(['enrollment', 'grade', 'video', 'problem', 'completion', 'forum', 'exam']) }}
{%- endmacro %}

{# What states read of a statement: neither its text nor session, platform, language, source. #}
{% macro kept_columns() -%}
    {{ return({
        'subject': 'LowCardinality(String)',
        'org': 'LowCardinality(String)',
        'course_key': 'LowCardinality(String)',
        'actor_id': 'String',
        'actor_home_page': 'LowCardinality(String)',
        'emission_time': "DateTime64(6, 'UTC')",
        'event_id': 'UUID',
        'verb': 'LowCardinality(String)',
        'activity_type': 'LowCardinality(String)',
        'object_id': 'String',
        'object_name': 'String',
        'block_id': 'String',
        'problem_part': 'String',
        'grouping_id': 'String',
        'success': 'Nullable(Bool)',
        'completion': 'Nullable(Bool)',
        'progress': 'Nullable(Float64)',
        'score_scaled': 'Nullable(Float64)',
        'score_raw': 'Nullable(Float64)',
        'score_max': 'Nullable(Float64)',
        'letter_grade': 'LowCardinality(String)',
        'enrollment_mode': 'LowCardinality(String)',
        'response': 'String',
        'answers': 'Array(String)',
        'attempt': 'Nullable(Int32)',
        'interaction_type': 'LowCardinality(String)',
        'question': 'String',
        'video_position': 'Nullable(Float64)',
        'video_from': 'Nullable(Float64)',
        'video_to': 'Nullable(Float64)',
        'video_length': 'Nullable(Float64)',
        'forum_type': 'LowCardinality(String)',
        'time_limit': 'Nullable(Float64)',
        'version': 'UInt64',
        'is_deleted': 'UInt8',
    }) }}
{%- endmacro %}

{% macro kept_relation() -%}
    {{ target.schema }}.kept_statements
{%- endmacro %}

{# Made before the models, so that the first run with a retention can cut. #}
{% macro create_kept_statements() -%}
    {% if retention_months() > 0 %}
        {% set is_cluster = target.name == 'cluster' %}
        create table if not exists {{ kept_relation() }}
            {{ 'on cluster ' ~ target.cluster if is_cluster }}
            (
                {% for name, type in kept_columns().items() %}
                {{ name }} {{ type }}{{ ',' if not loop.last }}
                {% endfor %}
            )
        engine = {{ 'Replicated' if is_cluster }}ReplacingMergeTree(version, is_deleted)
        order by (subject, org, course_key, actor_id, emission_time, event_id)
    {% else %}
        select 1
    {% endif %}
{%- endmacro %}

{# Whether this warehouse has, or ever had, a retention. #}
{% macro has_retention() -%}
    {{ return(
        execute and run_query('exists table ' ~ kept_relation()).columns[0][0] | int == 1
    ) }}
{%- endmacro %}

{% macro retention_months() -%}
    {{ return(var('retention_months') | int) }}
{%- endmacro %}

{#
    For `full_refresh` of states that a rebuild from what is left would make poorer: with a
    retention set they are brought up to date instead.
#}
{% macro never_without_history() -%}
    {{ return(false if retention_months() > 0 else none) }}
{%- endmacro %}

{# The moment from which on statements are there, as SQL. #}
{% macro retained_from() -%}
    (
        select coalesce(maxOrNull(seen_until), toDateTime64('1900-01-01 00:00:00', 6, 'UTC'))
        from {{ progress_relation() }}
        where model = 'retention'
    )
{%- endmacro %}

{# Whether what happened at this time is retained; in a unit test of `relation` everything is. #}
{% macro is_retained(time, relation) -%}
    {% if '__dbt__cte__' not in relation | string and has_retention() -%}
    ({{ time }} >= {{ retained_from() }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#
    All statements on which a state of a learner can rest, in their latest standing, also those
    from before the cut. States whose grain is a day or the like read staging: before the cut,
    nothing changes any more.
#}
{% macro history() -%}
    {%- set staged = ref('stg_xapi__statements') -%}
    {%- if '__dbt__cte__' not in staged | string and has_retention() -%}
    (
        select {{ kept_columns() | join(', ') }}
        from {{ latest(staged) }}
        where emission_time >= {{ retained_from() }}
        union all
        select {{ kept_columns() | join(', ') }}
        from {{ kept_relation() }} final
        where emission_time < {{ retained_from() }}
    )
    {%- else -%}
    {{ latest(staged) }}
    {%- endif -%}
{%- endmacro %}
