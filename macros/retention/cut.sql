{#
    After a whole run that went well, cut what is older than `retention_months`: first keep what
    states rest on, then record the cut, which is the moment from which on everyone reads so,
    then drop what nobody reads any more. It can die anywhere: the next run goes on.
#}
{% macro cut_history() -%}
    {% if execute and flags.WHICH in ('run', 'build') and retention_months() > 0 and is_whole_run() %}
        {% set due = cut_due() %}
        {% set done = run_query('select toString(' ~ retained_from() ~ ')').columns[0][0] %}
        {% if done < due %}
            {% do run_query(keep_statements(due)) %}
            {% do run_query(
                'insert into ' ~ progress_relation()
                ~ " select 'retention', toDateTime64('" ~ due ~ "', 6, 'UTC'), now64(6)"
            ) %}
        {% endif %}
        {% do drop_history([done, due] | max) %}
    {% endif %}
{%- endmacro %}

{# The beginning of the month in which the oldest statement to retain can be. #}
{% macro cut_due() -%}
    {% set months = run_started_at.year * 12 + run_started_at.month - 1 - retention_months() %}
    {{ return('%04d-%02d-01 00:00:00.000000' % (months // 12, months % 12 + 1)) }}
{%- endmacro %}

{# Whether every model that reads what is new has seen all of it in this run. #}
{% macro is_whole_run() -%}
    {% set done = results | selectattr('status', 'eq', 'success')
        | map(attribute='node.unique_id') | list %}
    {% for node in graph.nodes.values() %}
        {% if node.resource_type == 'model' and node.config.materialized == 'incremental'
            and node.unique_id not in done %}
            {{ return(false) }}
        {% endif %}
    {% endfor %}
    {{ return(true) }}
{%- endmacro %}

{# A rebuild without a retention set would take what is left for all there ever was. #}
{% macro refuse_to_forget() -%}
    {% if execute and flags.FULL_REFRESH and flags.WHICH in ('run', 'build') %}
        {% if retention_months() == 0 and has_retention() %}
            {{ exceptions.raise_compiler_error(
                "Statements of this warehouse were cut, and a full refresh without retention_months "
                ~ "would lose what is known of them: set it as it was, or leave out --full-refresh."
            ) }}
        {% endif %}
    {% endif %}
    select 1
{%- endmacro %}

{# Copy what states rest on; done again, it copies the same rows. #}
{% macro keep_statements(due) -%}
    insert into {{ kept_relation() }} ({{ kept_columns() | join(', ') }})
    select {{ kept_columns() | join(', ') }}
    from {{ target.schema }}.stg_xapi__statements final
    where
        emission_time < toDateTime64('{{ due }}', 6, 'UTC')
        and emission_time >= {{ retained_from() }}
        and subject in ('{{ kept_subjects() | join("', '") }}')
        and course_key != ''
{%- endmacro %}

{# Partitions are months of the time of statements and of actions, or of the arrival of rejects. #}
{% macro drop_history(cut) -%}
    {% set is_cluster = target.name == 'cluster' %}
    {% set on_cluster = 'on cluster ' ~ target.cluster if is_cluster else '' %}
    {% set months = run_query(
        "select distinct database, table, partition from system.parts where active "
        ~ "and partition < '" ~ cut[:4] ~ cut[5:7] ~ "' and (database, table) in ("
        ~ "select database, name from system.tables where database = '" ~ target.schema ~ "' "
        ~ "and match(partition_key, 'toYYYYMM.(emission_time|received_at|happened_at)')) order by all"
    ) %}
    {% for month in months.rows %}
        {% do run_query(
            'alter table ' ~ month[0] ~ '.' ~ month[1] ~ ' ' ~ on_cluster
            ~ ' drop partition ' ~ month[2] ~ ' settings max_partition_size_to_drop = 0'
        ) %}
    {% endfor %}
    {% if months.rows | length > 0 %}
        {% do run_query(
            'alter table ' ~ source('xapi', 'statement_ids') ~ ('_local ' if is_cluster else ' ')
            ~ on_cluster ~ " delete where emission_time < toDateTime64('" ~ cut ~ "', 6, 'UTC')"
            ~ ' settings mutations_sync = 2'
        ) %}
    {% endif %}
{%- endmacro %}
