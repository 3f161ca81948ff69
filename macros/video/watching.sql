{#
    The video rule (docs: "How watching is counted"), in three steps: the position of an
    event, the stretches a learner played, and how often each second of them was watched.
#}

{# A position in whole seconds; null for what no video has (below 0, over a day). #}
{% macro video_position(seconds) -%}
    if(
        {{ seconds }} between 0 and 86400,
        {% if var('video_rounding') == 'up' %}ceil({{ seconds }}){% else %}floor({{ seconds }} + 0.5){% endif %},
        null
    )
{%- endmacro %}

{#
    What was played, as (first second, last second), from events (microsecond, is_play,
    position, length) in order.

    A play owns the stretch to the very next event, if that moved forward. Second n is
    the playback from n-1 to n, so a play from a to b is the seconds a+1 to b. A play at
    the very end starts the video over. Nobody watches more than twice the time that
    passed, plus 5 seconds: whoever seems to has jumped, or left the page and come back.
#}
{% macro watched_stretches(history) -%}
    arrayFilter(
        stretch -> stretch.2 >= stretch.1,
        arrayMap(
            (play, end) -> (
                {% if var('video_second_rule') == 'inclusive' -%}
                greatest(if(play.3 = play.4 and play.4 > 0, 1, play.3), 1)
                {%- else -%}
                if(play.3 = play.4 and play.4 > 0, 0, play.3) + 1
                {%- endif %},
                {% set start = 'if(play.3 = play.4 and play.4 > 0, '
                    ~ (1 if var('video_second_rule') == 'inclusive' else 0) ~ ', play.3)' -%}
                if(
                    end.3 > {{ start }},
                    {% if var('video_wall_clock_check') -%}
                    least(end.3, {{ start }} + intDiv((end.1 - play.1) * 2, 1000000) + 5)
                    {%- else -%}
                    end.3
                    {%- endif %},
                    -1
                )
            ),
            {% if var('video_end_rule') == 'last' -%}
            arrayFilter(event -> event.2, {{ history }}),
            arrayMap(
                (event, place) -> if(
                    arrayFirstIndex(later -> later.2, arraySlice({{ history }}, place + 1)) = 0,
                    {{ history }}[-1],
                    {{ history }}[
                        place
                        + arrayFirstIndex(later -> later.2, arraySlice({{ history }}, place + 1))
                        - 1
                    ]
                ),
                arrayFilter(event -> event.2, {{ history }}),
                arrayFilter(
                    (place, event) -> event.2, arrayEnumerate({{ history }}), {{ history }}
                )
            )
            {%- else -%}
            arrayFilter(event -> event.2, arrayPopBack({{ history }})),
            arrayFilter(
                (next, event) -> event.2, arrayPopFront({{ history }}), arrayPopBack({{ history }})
            )
            {%- endif %}
        )
    )
{%- endmacro %}

{#
    How often seconds were watched: (first, last, times), runs that do not overlap, in
    order. Each stretch opens at its first second and closes after its last; between two
    such places the number open does not change.
#}
{% macro watch_counts(stretches) -%}
    arrayFilter(
        run -> run.3 > 0 and run.2 >= run.1,
        arrayMap(
            (place, next, open) -> (toUInt32(place.1), toUInt32(next.1 - 1), toUInt32(open)),
            arrayPopBack({{ stretch_ends(stretches) }}),
            arrayPopFront({{ stretch_ends(stretches) }}),
            arrayPopBack(
                arrayCumSum(arrayMap(place -> place.2, {{ stretch_ends(stretches) }}))
            )
        )
    )
{%- endmacro %}

{# How much of a video was watched, at most 1; null where its length is not known. #}
{% macro share_watched(watched, length) -%}
    {%- set share = "arraySum(run -> run.2 - run.1 + 1, " ~ watched ~ ")"
        ~ " / nullIf(floor(" ~ length ~ " + 0.5), 0)" -%}
    if({{ share }} > 1, 1, {{ share }})
{%- endmacro %}

{# Credits at the end need not be watched. #}
{% macro is_watched_entirely(share_watched) -%}
    cast(ifNull({{ share_watched }} >= 0.95, false), 'Bool')
{%- endmacro %}

{% macro stretch_ends(stretches) -%}
    arraySort(
        arrayConcat(
            arrayMap(stretch -> (stretch.1, toInt64(1)), {{ stretches }}),
            arrayMap(stretch -> (stretch.2 + 1, toInt64(-1)), {{ stretches }})
        )
    )
{%- endmacro %}
