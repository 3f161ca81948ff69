with

video_views as (
    select * from {{ latest(ref('int_video_views')) }}
    where plays > 0
),

videos as (
    select
        course_key,
        block_id,
        section_number,
        subsection_number,
        toUInt32(row_number() over (partition by course_key order by block_id)) as video_number
    from {{ ref('dim_course_blocks') }}
    where
        block_type = 'video'
        and is_current
        and section_number > 0
),

{{ contents_with('video') }},

videos_by_section as (
    select
        video_views.org as org,
        video_views.course_key as course_key,
        video_views.actor_id as actor_id,
        video_views.actor_home_page as actor_home_page,
        videos.section_number as section_number,
        groupUniqArray((videos.subsection_number, videos.video_number)) as viewed,
        groupUniqArrayIf(
            (videos.subsection_number, videos.video_number),
            {{ is_watched_entirely(share_watched('watched', 'video_length')) }}
        ) as watched_entirely
    from video_views
    left any join videos
        on
            video_views.course_key = videos.course_key
            and video_views.block_id = videos.block_id
    where videos.section_number > 0
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        section_number
),

engaged as (
    select
        * except (viewed, watched_entirely),
        arrayJoin(
            arrayMap(
                subsection -> (
                    subsection,
                    arrayCount(video -> subsection in (0, video.1), viewed),
                    arrayCount(video -> subsection in (0, video.1), watched_entirely)
                ),
                arrayDistinct(arrayConcat([toUInt32(0)], arrayMap(video -> video.1, viewed)))
            )
        ) as content
    from videos_by_section
)

select
    engaged.org as org,
    engaged.course_key as course_key,
    contents.course_name as course_name,
    contents.course_run as course_run,
    engaged.actor_id as actor_id,
    engaged.actor_home_page as actor_home_page,
    cast(
        if(engaged.content.1 = 0, 'section', 'subsection'),
        'Enum8(\'section\' = 1, \'subsection\' = 2)'
    ) as content_level,
    contents.block_id as block_id,
    contents.block_name as block_name,
    contents.hierarchy_location as hierarchy_location,
    contents.section_block_id as section_block_id,
    contents.section_name as section_name,
    toUInt64(engaged.content.2) as videos_viewed,
    contents.items as videos_total,
    cast(videos_viewed = videos_total, 'Bool') as is_complete,
    toUInt64(engaged.content.3) as videos_watched_entirely
from engaged
left any join contents
    on
        engaged.course_key = contents.course_key
        and engaged.section_number = contents.section_number
        and engaged.content.1 = contents.content_number
where contents.block_id != ''
