{{
    config(
        materialized='incremental',
        engine='ReplacingMergeTree(version, is_deleted)',
        partition_by='toYYYYMM(emission_time)',
        order_by='(subject, org, course_key, actor_id, emission_time, event_id)',
        settings={'index_granularity': 512, 'default_compression_codec': 'ZSTD(1)'},
        indexes=[{'name': 'by_staged_at', 'definition': 'staged_at TYPE minmax GRANULARITY 1'}],
        query_settings={
            'max_partitions_per_insert_block': 0,
            'max_insert_threads': 2,
            'optimize_on_insert': 0,
        },
        post_hook="{{ record_progress('stg_xapi__arrivals', 'planned_at') }}",
    )
}}

with

verbs as (
    select
        verb_id as known_verb_id,
        verb as known_verb
    from {{ ref('verbs') }}
),

activity_types as (
    select
        activity_type_id as known_type_id,
        activity_type as known_type
    from {{ ref('activity_types') }}
),

subjects_of_pairs as (
    select
        verb as pair_verb,
        activity_type as pair_type,
        subject as subject_of_pair
    from {{ ref('subjects') }}
    where activity_type != ''
),

subjects_of_verbs as (
    select
        verb as any_verb,
        subject as subject_of_verb
    from {{ ref('subjects') }}
    where activity_type = ''
),

{{ statements_to_stage() }},

parsed as (
    select
        event_id,
        emission_time,
        event,
        received_at,
        source,
        is_loser,
        is_voided,
        {{ parse_statement('event') }} as first_reading,
        -- Every statement has a verb; the parser gives up on a text with a huge number.
        if(
            first_reading.verb.id != '',
            first_reading,
            {{ parse_statement(without_huge_numbers('event')) }}
        ) as statement
    from to_stage
),

read as (
    select
        event_id,
        emission_time,
        received_at,
        source,
        is_loser,
        is_voided,
        statement.verb.id as verb_id,
        statement.object as object,
        statement.object.id as object_id,
        statement.result as result,
        statement.context as context,
        statement.context.contextActivities.parent[1] as parent,
        statement.context.contextActivities.grouping[1] as grouping_activity,
        {{ actor_columns('statement.actor') }},
        {{ open_edx_course_url('object_id', 'parent', 'grouping_activity') }} as open_edx_url,
        {{ open_edx_course_key('open_edx_url') }} as open_edx_key,
        event,
        {{ usage_key('object_id') }} as object_key,
        {{ usage_key('parent.id') }} as parent_key
    from parsed
),

-- Step by step, as the engine writes out an alias wherever it is used.
surrounded as (
    select
        * except (event),
        arrayFirst(
            activity -> has({{ course_types() }}, activity.definition.type),
            {{ surrounding_activities('open_edx_key', 'event', 'context.contextActivities') }}
        ) as course_around
    from read
),

told as (
    select
        *,
        multiIf(
            position(open_edx_key, '-v1:') > 0, '',
            course_around.id != '', course_around.id,
            has({{ course_types() }}, object.definition.type), object_id,
            ''
        ) as course_iri
    from surrounded
),

keyed as (
    select
        *,
        {{ open_edx_course_key('course_iri') }} as key_in_iri
    from told
),

placed as (
    select
        *,
        {{ course_key('open_edx_key', 'course_iri', 'key_in_iri') }} as course_key
    from keyed
),

named as (
    select
        placed.*,
        if(course_key = open_edx_key, open_edx_url, course_iri) as course_url,
        course_key != '' and course_key = course_iri as is_elsewhere,
        if(known_verb = '', extract(verb_id, '([^/#]+)[/#]*$'), known_verb) as verb,
        multiIf(
            known_type != '', known_type,
            position(object_key, 'type@video+block@') > 0, 'video',
            ''
        ) as activity_type
    from placed
    left any join verbs
        on placed.verb_id = verbs.known_verb_id
    left any join activity_types
        on placed.object.definition.type = activity_types.known_type_id
),

classified as (
    select
        named.*,
        multiIf(
            subject_of_pair != '', subject_of_pair,
            subject_of_verb != '', subject_of_verb,
            'other'
        ) as subject_of_words,
        -- Other platforms register for webinars and groups too, within a course.
        if(
            subject_of_words = 'enrollment' and is_elsewhere and object_id != course_key,
            'other',
            subject_of_words
        ) as subject,
        parent_key != '' and startsWith(object_key, concat(parent_key, '_')) as is_part
    from named
    left any join subjects_of_pairs
        on
            named.verb = subjects_of_pairs.pair_verb
            and named.activity_type = subjects_of_pairs.pair_type
    left any join subjects_of_verbs
        on named.verb = subjects_of_verbs.any_verb
),

typed as (
    select
        -- what it is
        event_id,
        emission_time,
        cast(subject, 'LowCardinality(String)') as subject,
        cast(verb_id, 'LowCardinality(String)') as verb_id,
        cast(verb, 'LowCardinality(String)') as verb,
        cast(object.definition.type, 'LowCardinality(String)') as activity_type_id,
        cast(activity_type, 'LowCardinality(String)') as activity_type,

        -- who, where, about what
        cast({{ org('course_key') }}, 'LowCardinality(String)') as org,
        cast(course_key, 'LowCardinality(String)') as course_key,
        multiIf(
            course_around.id != '' and course_around.id = course_url,
            {{ text_of('course_around.definition.name') }},
            activity_type = 'course' and object_id = course_url,
            {{ text_of('object.definition.name') }},
            parent.id = course_url, {{ text_of('parent.definition.name') }},
            ''
        ) as course_name,
        actor_id,
        cast(actor_home_page, 'LowCardinality(String)') as actor_home_page,
        actor_kind,
        object_id,
        {{ text_of('object.definition.name') }} as object_name,
        if(is_part, parent_key, object_key) as block_id,
        if(is_part, substring(object_key, length(parent_key) + 2), '') as problem_part,
        grouping_activity.id as grouping_id,

        -- result
        {{ truth('result.success') }} as success,
        {{ truth('result.completion') }} as completion,
        {{ number('result.score.scaled') }} as score_scaled,
        {{ number('result.score.raw') }} as score_raw,
        {{ number('result.score.min') }} as score_min,
        {{ number('result.score.max') }} as score_max,
        result.response as response,
        {{ answers_of('result.response') }} as answers,
        {{ seconds_of('result.duration') }} as duration_seconds,

        -- context
        context.registration as registration,
        context.extensions.`https://w3id.org/xapi/openedx/extensions/session-id` as session_id,
        cast(context.platform, 'LowCardinality(String)') as platform,
        cast(context.language, 'LowCardinality(String)') as language,
        source,

        -- enrollment
        cast(
            object.definition.extensions.`https://w3id.org/xapi/acrossx/extensions/type`,
            'LowCardinality(String)'
        ) as enrollment_mode,

        -- navigation
        {{ whole_number(
            'context.extensions.`http://id.tincanapi.com/extension/starting-position`'
        ) }} as starting_position,
        context.extensions.`http://id.tincanapi.com/extension/ending-point` as ending_point,
        {{ whole_number(
            'object.definition.extensions.`https://w3id.org/xapi/acrossx/extensions/total-items`'
        ) }} as total_items,

        -- problem
        {{ whole_number(
            'object.definition.extensions.`http://id.tincanapi.com/extension/attempt-id`'
        ) }} as attempt,
        cast(object.definition.interactionType, 'LowCardinality(String)') as interaction_type,
        {{ text_of('object.definition.description') }} as question,

        -- video
        {{ number(
            'result.extensions.`https://w3id.org/xapi/video/extensions/time`'
        ) }} as video_position,
        {{ number(
            'result.extensions.`https://w3id.org/xapi/video/extensions/time-from`'
        ) }} as video_from,
        {{ number(
            'result.extensions.`https://w3id.org/xapi/video/extensions/time-to`'
        ) }} as video_to,
        {{ number(
            'context.extensions.`https://w3id.org/xapi/video/extensions/length`'
        ) }} as video_length,
        {{ speed_of(
            'result.extensions.`https://w3id.org/xapi/openedx/extension/speed-from`'
        ) }} as speed_from,
        {{ speed_of(
            'result.extensions.`https://w3id.org/xapi/openedx/extension/speed-to`'
        ) }} as speed_to,
        {{ truth(
            'result.extensions.`https://w3id.org/xapi/video/extensions/cc-enabled`'
        ) }} as captions_enabled,

        -- grade, completion, forum, exam
        cast(
            result.extensions.`http://www.tincanapi.co.uk/activitytypes/grade_classification`,
            'LowCardinality(String)'
        ) as letter_grade,
        {{ number(
            'result.extensions.`https://w3id.org/xapi/cmi5/result/extensions/progress`'
        ) }} as progress,
        cast(
            context.extensions.`https://w3id.org/xapi/acrossx/extensions/type`,
            'LowCardinality(String)'
        ) as forum_type,
        {{ number(
            'object.definition.extensions.`https://w3id.org/xapi/acrossx/extensions/time-limit`'
        ) }} as time_limit,

        -- voiding
        if(
            subject = 'voiding' and object.objectType = 'StatementRef',
            toUUIDOrZero(object_id), toUUIDOrZero('')
        ) as voided_statement_id,

        received_at,
        toUInt8(is_loser or (is_voided and subject != 'voiding')) as is_deleted,
        now64(6, 'UTC') as staged_at,
        toUInt64(toUnixTimestamp64Micro(staged_at)) * 2 + (not is_loser) as version
    from classified
)

select * from typed
