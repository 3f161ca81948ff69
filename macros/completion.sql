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

{#
    Two CTEs: `items`, the blocks that learners can complete as each course is now, and
    `totals`, how many of them a course has.
#}
{% macro completable_items() -%}
items as (
    select
        course_key,
        block_id
    from {{ ref('dim_course_blocks') }}
    where
        is_current
        and is_completable
),

totals as (
    select
        course_key,
        count() as blocks_total
    from items
    group by course_key
)
{%- endmacro %}
