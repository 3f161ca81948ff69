with

video_views as (
    select * from {{ latest(ref('int_video_views')) }}
    where plays > 0
),

blocks as (
    select * from {{ ref('dim_course_blocks') }}
),

courses as (
    select * from {{ ref('dim_courses') }}
),

at_risk as (
    select
        org,
        course_key,
        actor_id,
        actor_home_page
    from {{ ref('fct_learner_course_status') }}
    where is_at_risk
),

watching as (
    select
        *,
        (org, course_key, actor_id, actor_home_page) in (select * from at_risk) as is_at_risk
    from video_views
),

videos as (
    select
        org,
        course_key,
        object_id,
        max(watching.block_id) as block_id,
        max(watching.object_name) as object_name,
        groupArrayArray(
            arrayMap(
                run -> (
                    toInt64(run.1),
                    toInt64(run.2),
                    toInt64(run.3),
                    toInt64(is_at_risk)
                ),
                watched
            )
        ) as stretches,
        -- Where watching begins and ends: between two such places nothing changes.
        arraySort(
            place -> place.1,
            arrayConcat(
                arrayMap(
                    stretch -> (stretch.1, 1, stretch.3, stretch.4, stretch.3 * stretch.4),
                    stretches
                ),
                arrayMap(
                    stretch -> (
                        stretch.2 + 1, -1, -stretch.3, -stretch.4, -stretch.3 * stretch.4
                    ),
                    stretches
                )
            )
        ) as places,
        arrayCumSum(arrayMap(place -> place.2, places)) as learners,
        arrayCumSum(arrayMap(place -> place.3, places)) as views,
        arrayCumSum(arrayMap(place -> place.4, places)) as learners_at_risk,
        arrayCumSum(arrayMap(place -> place.5, places)) as views_at_risk
    from watching
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
                (place, next, counts) -> arrayMap(
                    second -> (second, counts.1, counts.2, counts.3, counts.4),
                    if(counts.1 > 0, range(toUInt32(place.1), toUInt32(next.1)), [])
                ),
                arrayPopBack(places),
                arrayPopFront(places),
                arrayPopBack(arrayZip(learners, views, learners_at_risk, views_at_risk))
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
    toUInt64(tupleElement(second, 3) - tupleElement(second, 2)) as repeat_views,
    toUInt64(tupleElement(second, 4)) as learners_at_risk,
    toUInt64(tupleElement(second, 5)) as views_at_risk,
    toUInt64(tupleElement(second, 5) - tupleElement(second, 4)) as repeat_views_at_risk
from named
array join seconds as second
