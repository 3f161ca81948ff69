"""Visits and watching as Aspects has them."""

from __future__ import annotations

from tests.reference.courses import BLOCKS

SELECTS = {
    # There, a learner's last day on each sequence is kept; one without units is left out.
    "fact_navigation_completion": f"""
        select
            visits.org as org,
            visits.course_key as course_key,
            visits.block_id as block_id,
            blocks.course_order as course_order,
            visits.actor_id as actor_id,
            any(units.total) as page_count,
            any(blocks.section_with_name) as section_with_name,
            any(blocks.subsection_with_name) as subsection_with_name,
            max(toDate(visits.emission_time)) as visited_on,
            any(blocks.subsection_block_id) as subsection_block_id,
            any(blocks.section_block_id) as section_block_id
        from reporting.fct_navigation_events as visits
        inner join ({BLOCKS}) as blocks
            on visits.course_key = blocks.course_key and visits.block_id = blocks.block_id
        inner join (
            select course_key, subsection_block_id, count() as total
            from ({BLOCKS})
            where block_type = 'unit'
            group by course_key, subsection_block_id
        ) as units
            on
                blocks.course_key = units.course_key
                and blocks.subsection_block_id = units.subsection_block_id
        group by org, course_key, block_id, course_order, actor_id
    """,
    "fact_video_segments": """
        select
            org,
            course_key,
            actor_id,
            object_id,
            toInt64(video_length) as video_duration,
            watched_second as watched_segment,
            times_watched as watch_count
        from reporting.fct_video_segments
    """,
}
