with

visits as (
    select * from {{ latest(ref('int_page_visits')) }}
),

pages as (
    select * from {{ ref('int_course_pages') }}
),

{{ contents_with('vertical') }},

-- The number of a page is 0 where the sequence has no such tab, or none was told.
pages_by_section as (
    select
        visits.org as org,
        visits.course_key as course_key,
        visits.actor_id as actor_id,
        visits.actor_home_page as actor_home_page,
        pages.section_number as section_number,
        groupUniqArray(
            (
                pages.subsection_number,
                pages.page_numbers[indexOf(pages.tabs, visits.position)]
            )
        ) as visited
    from visits
    left any join pages
        on
            visits.course_key = pages.course_key
            and visits.block_id = pages.block_id
    where pages.section_number > 0
    group by
        org,
        course_key,
        actor_id,
        actor_home_page,
        section_number
),

counted as (
    select
        * except (visited),
        arrayMap(
            subsection -> (
                subsection,
                greatest(arrayCount(page -> page.1 = subsection and page.2 > 0, visited), 1)
            ),
            arrayDistinct(arrayMap(page -> page.1, visited))
        ) as subsections
    from pages_by_section
),

engaged as (
    select
        * except (subsections),
        arrayJoin(
            arrayConcat(
                [(toUInt32(0), arraySum(subsection -> subsection.2, subsections))],
                arrayFilter(subsection -> subsection.1 > 0, subsections)
            )
        ) as content
    from counted
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
    toUInt64(engaged.content.2) as pages_visited,
    contents.items as pages_total,
    cast(pages_visited = pages_total, 'Bool') as is_complete
from engaged
left any join contents
    on
        engaged.course_key = contents.course_key
        and engaged.section_number = contents.section_number
        and engaged.content.1 = contents.content_number
where contents.block_id != ''
