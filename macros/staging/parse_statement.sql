{#
    Everything the models read of a statement, in one pass over its text.

    What is missing or of another type comes out empty: nothing here can fail.
#}
{% macro parse_statement(text) -%}
    {%- set shape -%}
        Tuple(
            actor Tuple(
                mbox String, mbox_sha1sum String, openid String,
                account Tuple(homePage String, name String)
            ),
            verb Tuple(id String),
            object Tuple(
                id String,
                objectType String,
                definition Tuple(
                    type String,
                    name Map(String, String),
                    description Map(String, String),
                    interactionType String,
                    extensions Tuple(
                        `https://w3id.org/xapi/acrossx/extensions/type` String,
                        `https://w3id.org/xapi/acrossx/extensions/total-items` Nullable(Float64),
                        `https://w3id.org/xapi/acrossx/extensions/time-limit` Nullable(Float64),
                        `http://id.tincanapi.com/extension/attempt-id` Nullable(Float64)
                    )
                )
            ),
            result Tuple(
                success String,
                completion String,
                response String,
                duration String,
                score Tuple(
                    scaled Nullable(Float64), raw Nullable(Float64),
                    min Nullable(Float64), max Nullable(Float64)
                ),
                extensions Tuple(
                    `https://w3id.org/xapi/video/extensions/time` Nullable(Float64),
                    `https://w3id.org/xapi/video/extensions/time-from` Nullable(Float64),
                    `https://w3id.org/xapi/video/extensions/time-to` Nullable(Float64),
                    `https://w3id.org/xapi/video/extensions/cc-enabled` String,
                    `https://w3id.org/xapi/openedx/extension/speed-from` String,
                    `https://w3id.org/xapi/openedx/extension/speed-to` String,
                    `https://w3id.org/xapi/cmi5/result/extensions/progress` Nullable(Float64),
                    `http://www.tincanapi.co.uk/activitytypes/grade_classification` String
                )
            ),
            context Tuple(
                registration String,
                platform String,
                language String,
                contextActivities Tuple(
                    parent Array({{ context_activity() }}),
                    grouping Array({{ context_activity() }})
                ),
                extensions Tuple(
                    `https://w3id.org/xapi/openedx/extensions/session-id` String,
                    `https://w3id.org/xapi/video/extensions/length` Nullable(Float64),
                    `https://w3id.org/xapi/acrossx/extensions/type` String,
                    `http://id.tincanapi.com/extension/starting-position` Nullable(Float64),
                    `http://id.tincanapi.com/extension/ending-point` String
                )
            )
        )
    {%- endset -%}
    {%- set shape = shape | replace('\n', ' ') -%}
    JSONExtract({{ text }}, '{{ shape }}')
{%- endmacro %}

{# What the models read of an activity in a statement's context. #}
{% macro context_activity() -%}
    Tuple(
        id String, objectType String, definition Tuple(type String, name Map(String, String))
    )
{%- endmacro %}

{#
    The activities of the context that a text gives as objects where arrays are usual (xAPI 1.0.3
    part 2, 4.1.6.2, has them read like arrays of one).
#}
{% macro single_activities(text) -%}
    {%- set path = text ~ ", 'context', 'contextActivities'" -%}
    [
        JSONExtract({{ path }}, 'grouping', '{{ context_activity() | replace('\n', ' ') }}'),
        JSONExtract({{ path }}, 'parent', '{{ context_activity() | replace('\n', ' ') }}')
    ]
{%- endmacro %}

{# A text the engine's parser gave up on, without the numbers that no Float64 can hold. #}
{% macro without_huge_numbers(text) -%}
    replaceRegexpAll(
        {{ text }},
        '([:,\\[]\\s*)-?(\\d{19,}(\\.\\d+)?([eE][+-]?\\d+)?|\\d+(\\.\\d+)?[eE]\\+?\\d{3,})',
        '\\1null'
    )
{%- endmacro %}
