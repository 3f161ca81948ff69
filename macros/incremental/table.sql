{#
    A model that is built whole is built again only if what it is made of has changed: dumps
    come seldom, and runs often. `config(inputs=[…])` has what tells: SELECTs of one value each,
    as the macros below give them. What has to read a table to tell is in `inputs_after`, under
    the name of the model that fills this table: it is looked at only when that model has seen
    something since, so that a run with nothing new reads nothing that grows. A configuration is
    read before there are relations, so these take the names of models.
    Without inputs, as with `--full-refresh`, a table is built by each run.

    What is remembered is how the inputs were before the build: a change meanwhile is seen by
    the next run. So is one of the model's own SQL.
#}
{% materialization table, adapter='clickhouse' %}
    {%- set last = inputs_of_last_build() -%}
    {%- set inputs = inputs_of_table(last) -%}
    {%- if inputs and load_cached_relation(this) is not none and not should_full_refresh()
        and inputs.split()[-1] == last.split()[-1] -%}
        {%- if inputs != last -%}
            {%- do remember_inputs(inputs) -%}
        {%- endif -%}
        {%- call noop_statement('main', 'NOTHING NEW') -%}{{ sql }}{%- endcall -%}
        {{ return({'relations': [this.incorporate(type='table')]}) }}
    {%- endif -%}
    {%- set built = dbt.materialization_table_clickhouse() -%}
    {%- if inputs -%}
        {%- do remember_inputs(inputs) -%}
    {%- endif -%}
    {{ return(built) }}
{% endmaterialization %}

{#
    What the table would be built from now, as two words: of what tells without reading, and of
    all that it is. None where its model does not tell.
#}
{% macro inputs_of_table(last) -%}
    {%- if not config.get('inputs') -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set read = config.get('inputs_after', {}) -%}
    {%- set seen = [] -%}
    {%- for model in read -%}
        {%- do seen.append(seen_by(model)) -%}
    {%- endfor -%}
    {%- set unread = hash_of_inputs(config.get('inputs') + seen) -%}
    {%- if not read -%}
        {{ return(unread) }}
    {%- endif -%}
    {%- if last.split()[0] == unread -%}
        {{ return(last) }}
    {%- endif -%}
    {{ return(unread ~ ' ' ~ hash_of_inputs(config.get('inputs') + read.values() | list)) }}
{%- endmacro %}

{% macro hash_of_inputs(inputs) -%}
    {%- set values = run_query('select ' ~ inputs | join(', ')).rows[0] -%}
    {{ return(local_md5(sql ~ values.values() | join(','))) }}
{%- endmacro %}

{# As `inputs_of_table` gave it; a word that no table has where there was no build. #}
{% macro inputs_of_last_build() -%}
    {%- set rows = run_query(
        'select inputs from ' ~ table_inputs_relation() ~ " final where model = '" ~ this.name ~ "'"
    ).rows -%}
    {{ return(rows[0][0] if rows else 'none') }}
{%- endmacro %}

{% macro remember_inputs(inputs) -%}
    {%- do run_query(
        'insert into ' ~ table_inputs_relation()
        ~ " values ('" ~ this.name ~ "', '" ~ inputs ~ "', now64(6))"
    ) -%}
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

{# Inputs: who the learners are, and by what they are identified. #}
{% macro learners_there_are() -%}
    (
        select toString(sum(cityHash64(actor_id, actor_home_page, kind)))
        from (
            select
                actor_id,
                actor_home_page,
                max(actor_kind) as kind
            from {{ latest(target.schema ~ '.int_learner_days') }}
            group by
                actor_id,
                actor_home_page
        )
    )
{%- endmacro %}

{# How far an incremental model has seen. #}
{% macro seen_by(model) -%}
    (
        select toString(max(progress.seen_until))
        from {{ progress_relation() }} as progress
        where progress.model = '{{ model }}'
    )
{%- endmacro %}
