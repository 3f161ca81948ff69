{# What a problem statement tells: an answer graded, a hint, the answer shown, or else an attempt. #}
{% macro problem_kind() -%}
    cast(
        multiIf(
            verb in ('evaluated', 'answered'), 'evaluation',
            verb != 'asked', 'attempt',
            activity_type = 'hint' or match(object_id, '/hint/\\d+$'), 'hint',
            'answer shown'
        ),
        'Enum8(\'attempt\' = 1, \'evaluation\' = 2, \'hint\' = 3, \'answer shown\' = 4)'
    )
{%- endmacro %}

{#
    The problem a statement is about: its block; outside of Open edX the object, to which a hint
    and an answer shown add a part of their own, as they do in Open edX.
#}
{% macro problem_id() -%}
    multiIf(
        block_id != '', block_id,
        verb = 'asked', replaceRegexpOne(object_id, '/(answer|hint/\\d+)$', ''),
        object_id
    )
{%- endmacro %}
