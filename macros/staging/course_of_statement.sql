{#
    Which course a statement is about (docs/sources.md).

    Open edX comes first: the parent if it is the course, else the first grouping of a parent
    activity, else the object, if what its URL ends with looks like a course key. Other sources
    name an activity of a course type.
#}
{% macro open_edx_course_url(object_id, parent, grouping) -%}
    multiIf(
        {{ parent }}.definition.type = 'http://adlnet.gov/expapi/activities/course', {{ parent }}.id,
        {{ parent }}.objectType in ('Activity', 'GroupActivity'), {{ grouping }}.id,
        {{ object_id }}
    )
{%- endmacro %}

{#
    The activities around the object, nearest to a course first: the groupings, then the parents.
    A statement with a course key of the new form needs none of them.
#}
{% macro surrounding_activities(open_edx_key, event, context_activities) -%}
    multiIf(
        position({{ open_edx_key }}, '-v1:') > 0, [],
        match({{ event }}, '"(grouping|parent)"\\s*:\\s*\\{'),
        arrayConcat(
            {{ context_activities }}.grouping,
            {{ single_activities(event) }},
            {{ context_activities }}.parent
        ),
        arrayConcat({{ context_activities }}.grouping, {{ context_activities }}.parent)
    )
{%- endmacro %}

{# The types of activities that are courses, by the seed `activity_types`. #}
{% macro course_types() -%}
    (
        select groupArray(known_type_id) from activity_types
        where known_type = 'course'
    )
{%- endmacro %}

{#
    The course run: the key that the Open edX rule found, unless it is one of the old form, which
    other URLs resemble, and the statement names a course of another platform; else the key in the
    named course's IRI; else that IRI, as IRIs are unique among platforms (xAPI 1.0.3 part 2, 4.1.4.1).
#}
{% macro course_key(open_edx_key, course_iri, key_in_iri) -%}
    multiIf(
        {{ course_iri }} = '' or ({{ open_edx_key }} != '' and {{ key_in_iri }} != ''),
        {{ open_edx_key }},
        {{ key_in_iri }} != '', {{ key_in_iri }},
        match({{ course_iri }}, '^[A-Za-z][A-Za-z0-9+.-]*:.')
        and position({{ course_iri }}, '-v1:') = 0,
        {{ course_iri }},
        {{ open_edx_key }}
    )
{%- endmacro %}

{# What looks like a course key at the end of a URL, else ''. Org/Course/Run is the old form. #}
{% macro open_edx_course_key(url) -%}
    multiIf(
        match(substringIndex({{ url }}, '/', -1), '^(course|ccx|library)-v1:[^+]+\\+'),
        substringIndex({{ url }}, '/', -1),
        position({{ url }}, '/course') > 0,
        extract({{ url }}, '/courses?/([^/?#]+/[^/?#]+/[^/?#]+)$'),
        ''
    )
{%- endmacro %}

{#
    The organisation of a course key: up to the first + of a new one, the first / of an old one.
    Of an IRI the host, with its port; of one without a host (`urn:`, `tag:`) what stands before
    the last colon.
#}
{% macro org(course_key) -%}
    multiIf(
        position({{ course_key }}, '-v1:') > 0,
        substringIndex(substring({{ course_key }}, position({{ course_key }}, ':') + 1), '+', 1),
        match({{ course_key }}, '^[^:]+://[^/?#]'),
        lower(extract({{ course_key }}, '://(?:[^/?#@]*@)?([^/?#]*)')),
        position({{ course_key }}, ':') > 0, extract({{ course_key }}, '^(.*):'),
        substringIndex({{ course_key }}, '/', 1)
    )
{%- endmacro %}

{# Whether the course is one of Open edX: only the keys of others are IRIs. #}
{% macro is_of_open_edx() -%}
    (position(course_key, ':') = 0 or position(course_key, '-v1:') > 0)
{%- endmacro %}

{# Whether the object is the course itself, not something in it. #}
{% macro is_about_the_course() -%}
    (endsWith(object_id, course_key) and (object_id = course_key or {{ is_of_open_edx() }}))
{%- endmacro %}

{# The course run that a usage key names; '' for what is no usage key. #}
{% macro course_of_usage_key(usage_key) -%}
    if(
        match({{ usage_key }}, '^(ccx-)?block-v1:.+\\+type@'),
        concat(
            if(startsWith({{ usage_key }}, 'ccx-'), 'ccx-v1:', 'course-v1:'),
            extract({{ usage_key }}, '^(?:ccx-)?block-v1:(?:course-v1:|ccx-v1:)?(.+)\\+type@')
        ),
        ''
    )
{%- endmacro %}

{# Whether an id is a course key, of the new form or of the old one, Org/Course/Run. #}
{% macro is_course_key(id) -%}
    match({{ id }}, '^((course|ccx|library)-v1:[^+]+\\+|[^:/]+/[^:/]+/[^:/]+$)')
{%- endmacro %}

{# The run of a course key: what follows the last +, or the last / of an old one; else ''. #}
{% macro course_run(course_key) -%}
    multiIf(
        match({{ course_key }}, '^(course|ccx|library)-v1:'),
        substringIndex({{ course_key }}, '+', -1),
        {{ is_course_key(course_key) }}, substringIndex({{ course_key }}, '/', -1),
        ''
    )
{%- endmacro %}
