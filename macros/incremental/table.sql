{#
    A model that is built whole is built again only if what it is made of has changed: dumps
    come seldom, and runs often. `config(inputs=[…])` has what tells: SELECTs of one value each,
    as the macros below give them. A configuration is read before there are relations, so these
    take the names of models.
    Without it, as with `--full-refresh`, a table is built by each run.

    What is remembered is how the inputs were before the build: a change meanwhile is seen by
    the next run. So is one of the model's own SQL.
#}
{% materialization table, adapter='clickhouse' %}
    {%- set inputs = inputs_of_table() -%}
    {%- if inputs and load_cached_relation(this) is not none and not should_full_refresh()
        and inputs == inputs_of_last_build() -%}
        {%- call noop_statement('main', 'NOTHING NEW') -%}{{ sql }}{%- endcall -%}
        {{ return({'relations': [this.incorporate(type='table')]}) }}
    {%- endif -%}
    {%- set built = dbt.materialization_table_clickhouse() -%}
    {%- if inputs -%}
        {%- do run_query(
            'insert into ' ~ table_inputs_relation()
            ~ " values ('" ~ this.name ~ "', '" ~ inputs ~ "', now64(6))"
        ) -%}
    {%- endif -%}
    {{ return(built) }}
{% endmaterialization %}

{# What the table would be built from now, as a short text; none where its model does not tell. #}
{% macro inputs_of_table() -%}
    {%- if config.get('inputs') -%}
        {%- set values = run_query('select ' ~ config.get('inputs') | join(', ')).rows[0] -%}
        {{ return(local_md5(sql ~ values.values() | join(','))) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{% macro inputs_of_last_build() -%}
    {%- set rows = run_query(
        'select inputs from ' ~ table_inputs_relation() ~ " final where model = '" ~ this.name ~ "'"
    ).rows -%}
    {{ return(rows[0][0] if rows else none) }}
{%- endmacro %}

{% macro table_inputs_relation() -%}
    {{ target.schema }}.table_inputs
{%- endmacro %}

{% macro create_table_inputs() -%}
    {% if target.name == 'cluster' %}
        create table if not exists {{ table_inputs_relation() }} on cluster {{ target.cluster }}
            (model String, inputs String, built_at DateTime64(6, 'UTC'))
        engine = ReplicatedReplacingMergeTree(built_at) order by model
    {% else %}
        create table if not exists {{ table_inputs_relation() }}
            (model String, inputs String, built_at DateTime64(6, 'UTC'))
        engine = ReplacingMergeTree(built_at) order by model
    {% endif %}
{%- endmacro %}

{# Inputs: tables by the content that the engine has noted of them. Nothing of them is read. #}
{% macro dumps_there_are() -%}
    (
        select toString(sum(cityHash64(table, hash_of_all_files)))
        from system.parts
        where active and database = 'event_sink'
    )
{%- endmacro %}

{% macro built_from(tables) -%}
    (
        select toString(sum(cityHash64(table, hash_of_all_files)))
        from system.parts
        where active and database = '{{ target.schema }}' and table in ('{{ tables | join("', '") }}')
    )
{%- endmacro %}

{# Inputs: courses and blocks that statements name, but for those that every dump names. #}
{% macro names_of_courses() -%}
    (
        select toString(sum(cityHash64(org, course_key, name)))
        from {{ latest(target.schema ~ '.int_courses_seen') }}
        where course_key not in (
            select course_key
            from event_sink.course_overviews
            group by course_key
            having min(display_name) != '' and min(org) != ''
        )
    )
{%- endmacro %}

{% macro names_of_blocks() -%}
    (
        select toString(sum(cityHash64(org, course_key, block_id, name)))
        from {{ latest(target.schema ~ '.int_blocks_seen') }}
        where (course_key, block_id) not in (
            select course_key, location
            from event_sink.course_blocks
            group by course_key, location
            having min(display_name) != ''
        )
    )
{%- endmacro %}

{# Inputs: how far an incremental model has seen. #}
{% macro seen_by(model) -%}
    (
        select toString(max(progress.seen_until))
        from {{ progress_relation() }} as progress
        where progress.model = '{{ model }}'
    )
{%- endmacro %}
