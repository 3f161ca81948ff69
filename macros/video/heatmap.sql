{#
    How often each second of each video was watched, from rows of `int_video_views`: the CTEs
    and the last SELECT of a model that has `video_views` before them.
#}
{% macro video_heatmap() -%}
blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

videos as (
    select
        org,
        course_key,
        object_id,
        max(video_views.block_id) as block_id,
        max(video_views.object_name) as object_name,
        groupArrayArray(watched) as stretches,
        -- Where watching begins and ends: between two such places nothing changes.
        arraySort(
            arrayConcat(
                arrayMap(
                    stretch -> (toInt64(stretch.1), toInt64(1), toInt64(stretch.3)), stretches
                ),
                arrayMap(
                    stretch -> (toInt64(stretch.2) + 1, toInt64(-1), -toInt64(stretch.3)), stretches
                )
            )
        ) as places,
        arrayCumSum(arrayMap(place -> place.2, places)) as learners,
        arrayCumSum(arrayMap(place -> place.3, places)) as views
    from video_views
    group by
        org,
        course_key,
        object_id
),

named as (
    select
        videos.org as org,
        videos.course_key as course_key,
        courses.course_name as course_name,
        courses.course_run as course_run,
        videos.object_id as object_id,
        videos.block_id as block_id,
        if(blocks.block_name != '', blocks.block_name, videos.object_name) as video_name,
        blocks.hierarchy_location as hierarchy_location,
        blocks.section_name as section_name,
        blocks.subsection_name as subsection_name,
        arrayFlatten(
            arrayMap(
                (place, next, learner_count, view_count) -> arrayMap(
                    second -> (second, learner_count, view_count),
                    if(learner_count > 0, range(toUInt32(place.1), toUInt32(next.1)), [])
                ),
                arrayPopBack(places),
                arrayPopFront(places),
                arrayPopBack(learners),
                arrayPopBack(views)
            )
        ) as seconds
    from videos
    left any join blocks
        on
            videos.org = blocks.org
            and videos.course_key = blocks.course_key
            and videos.block_id = blocks.block_id
    left any join courses
        on
            videos.org = courses.org
            and videos.course_key = courses.course_key
)

select
    org,
    course_key,
    course_name,
    course_run,
    object_id,
    block_id,
    video_name,
    hierarchy_location,
    section_name,
    subsection_name,
    tupleElement(second, 1) as watched_second,
    toUInt64(tupleElement(second, 2)) as learners,
    toUInt64(tupleElement(second, 3)) as views,
    toUInt64(tupleElement(second, 3) - tupleElement(second, 2)) as repeat_views
from named
array join seconds as second
{%- endmacro %}
