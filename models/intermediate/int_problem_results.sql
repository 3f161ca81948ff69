{%- set grain = [
    'org', 'course_key', 'problem_id', 'problem_part', 'actor_id', 'actor_home_page'
] -%}
{%- set counts = "subject = 'problem' and verb in ('evaluated', 'answered', 'asked')"
    ~ " and course_key != '' and actor_id != '' and object_id != ''" -%}
{{
    config(
        materialized='incremental',
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, problem_id, problem_part, actor_id, actor_home_page)',
        settings={'index_granularity': 1024, 'default_compression_codec': 'ZSTD(1)'},
        query_settings={
            'optimize_aggregation_in_order': 1,
            'aggregation_in_order_max_block_bytes': 5000000,
        },
        post_hook="{{ record_progress() }}",
    )
}}

with

{% if is_incremental() %}
touched as (
    {{ touched_grains(
        ['org', 'course_key', problem_id() ~ ' as problem_id']
        + ['problem_part', 'actor_id', 'actor_home_page'],
        counts
    ) }}
),
{% endif %}

statements as (
    select
        *,
        {{ problem_id() }} as problem_id,
        {{ problem_kind() }} as kind,
        {{ happened() }} as happened
    from {{ history() }}
    where
        {{ counts }}
    {% if is_incremental() %}
        and (org, course_key, actor_id) in (select org, course_key, actor_id from touched)
        and (org, course_key, {{ problem_id() }}, problem_part, actor_id, actor_home_page)
        in (select * from touched)
    {% endif %}
),

histories as (
    select
        org,
        course_key,
        problem_id,
        problem_part,
        actor_id,
        actor_home_page,
        -- By number, those without one as number 0; by time where the number is the same.
        arraySort(
            groupArrayIf(
                (
                    toUInt32(greatest(ifNull(attempt, 0), 0)),
                    happened,
                    (
                        emission_time,
                        success,
                        score_scaled,
                        score_raw,
                        score_max,
                        response,
                        answers
                    ),
                    (object_id, object_name, question, interaction_type)
                ),
                kind = 'evaluation'
            )
        ) as evaluations,
        countIf(kind = 'hint') as hints_shown,
        countIf(kind = 'answer shown') as answers_shown
    from statements
    -- Learners first, as staging is ordered: so the engine keeps those few in memory whom it reads.
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        problem_id,
        problem_part
),

numbered as (
    select
        * except (evaluations),
        tupleElement(arraySort(evaluation -> evaluation.2, evaluations)[-1], 4) as latest,
        -- Of those with one number the last.
        arrayFilter(
            (evaluation, next_number) -> evaluation.1 > 0 and evaluation.1 != next_number,
            evaluations,
            arrayPopFront(arrayPushBack(evaluations.1, 0))
        ) as with_number,
        arrayFilter(evaluation -> evaluation.1 = 0, evaluations) as without_number,
        tupleElement(evaluations[-1], 1) as highest_number
    from histories
),

states as (
    select
        org,
        course_key,
        problem_id,
        problem_part,
        actor_id,
        actor_home_page,
        latest.1 as object_id,
        latest.2 as object_name,
        latest.3 as question,
        cast(latest.4, 'LowCardinality(String)') as interaction_type,
        cast(
            arrayMap(
                (evaluation, number) -> tupleConcat(tuple(number), evaluation.3),
                arrayConcat(with_number, without_number),
                arrayConcat(
                    with_number.1,
                    arrayMap(place -> highest_number + place, arrayEnumerate(without_number))
                )
            ),
            'Array(Tuple(
                attempt UInt32,
                emission_time DateTime64(6, \'UTC\'),
                success Nullable(Bool),
                score_scaled Nullable(Float64),
                score_raw Nullable(Float64),
                score_max Nullable(Float64),
                response String,
                answers Array(String)
            ))'
        ) as attempts,
        toUInt32(hints_shown) as hints_shown,
        toUInt32(answers_shown) as answers_shown
    from numbered
)

{{ rows_of_states(grain) }}
