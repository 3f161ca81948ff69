"""Engagement as Aspects has it, whose releases count differently.

All of them go by subsections. A section is then done, in one release or another, where its
subsections that somebody opened are done, where one of them is (with a row for each level that its
subsections have), or where all there are in the course are done, as here.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.reference.courses import BLOCKS
from tests.reference.learners import PEOPLE

_DONE = "select org, course_key, actor_id, actor_home_page, {block_id} as block_id from {source}"


def _counted(done: str, block_type: str) -> str:
    """Learner and subsection: items done, items there are.

    `done` selects org, course_key, actor_id, actor_home_page and block_id of what was done.
    """
    return f"""
        select
            blocks.org as org,
            blocks.course_key as course_key,
            done.actor_id as actor_id,
            done.actor_home_page as actor_home_page,
            any(blocks.course_run) as course_run,
            any(blocks.course_order) as course_order,
            any(blocks.section_block_id) as section_block_id,
            any(blocks.section_with_name) as section_with_name,
            any(blocks.subsection_block_id) as subsection_block_id,
            any(blocks.subsection_with_name) as subsection_with_name,
            uniqExact(done.block_id) as items_done,
            any(items.total) as total,
            any(items.section_total) as section_total
        from ({done}) as done
        inner join ({BLOCKS}) as blocks
            on done.course_key = blocks.course_key and done.block_id = blocks.block_id
        inner join (
            select
                course_key,
                section_number,
                subsection_number,
                count() as total,
                sum(count()) over (partition by course_key, section_number) as section_total
            from ({BLOCKS})
            where block_type = '{block_type}'
            group by course_key, section_number, subsection_number
        ) as items
            on
                blocks.course_key = items.course_key
                and blocks.section_number = items.section_number
                and blocks.subsection_number = items.subsection_number
        group by
            org, course_key, actor_id, actor_home_page,
            blocks.section_number, blocks.subsection_number
    """


def _level(done: str, total: str, what: str) -> str:
    return f"if({done} = {total}, 'All {what}', 'At least one {what.replace('s ', ' ', 1)}')"


def _subsections(counted: str, what: str) -> str:
    return f"""
        select
            org,
            course_key,
            course_run,
            course_order,
            'subsection' as content_level,
            actor_id,
            actor_home_page,
            subsection_block_id as block_id,
            subsection_block_id,
            subsection_with_name as section_subsection_name,
            section_with_name,
            {_level("items_done", "total", what)} as engagement_level
        from ({counted})
    """


def _sections(counted: str, total: str, what: str) -> str:
    return f"""
        select
            org,
            course_key,
            any(counted.course_run) as course_run,
            any(counted.course_order) as course_order,
            'section' as content_level,
            actor_id,
            actor_home_page,
            section_block_id as block_id,
            section_block_id,
            any(counted.section_with_name) as section_subsection_name,
            section_subsection_name as section_with_name,
            {_level("sum(items_done)", total, what)} as engagement_level
        from ({counted}) as counted
        group by org, course_key, actor_id, actor_home_page, section_block_id
    """


def _sections_like_subsections(counted: str, what: str, *, one_row: bool) -> str:
    order = "any(counted.course_order) as course_order" if one_row else "course_order"
    return f"""
        select
            org,
            course_key,
            any(counted.course_run) as course_run,
            {order},
            'section' as content_level,
            actor_id,
            actor_home_page,
            section_block_id as block_id,
            section_block_id,
            any(counted.section_with_name) as section_subsection_name,
            section_subsection_name as section_with_name,
            {_level("items_done", "total", what)} as engagement_level
        from ({counted}) as counted
        group by
            org, course_key, actor_id, actor_home_page, section_block_id, engagement_level
            {"" if one_row else ", course_order"}
    """


def _both(subsections: str, sections: str, name: str) -> str:
    return f"""
        select
            both.* except (engagement_level, actor_home_page),
            engagement_level as section_subsection_{name}_engagement,
            people.username as username,
            people.name as name,
            people.email as email
        from (
            select * except (subsection_block_id) from ({subsections})
            union all
            select * except (section_block_id) from ({sections})
        ) as both
        left join ({PEOPLE}) as people using (actor_id, actor_home_page)
        where section_subsection_name != ''
    """


def _relations(
    name: str, done: tuple[str, ...], block_type: str, what: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The relations of pages, problems or videos, `name`, each with its ways to count."""
    subsections, sections, both = [], [], []
    for way in done:
        counted = _counted(way, block_type)
        of_subsections = _subsections(counted, what)
        of_sections = [
            _sections(counted, "sum(total)", what),
            _sections(counted, "any(section_total)", what),
        ]
        subsections.append(of_subsections)
        sections += of_sections
        both += [
            _both(of_subsections, one, name)
            for one in (
                *of_sections,
                _sections_like_subsections(counted, what, one_row=True),
                _sections_like_subsections(counted, what, one_row=False),
            )
        ]
    yield f"fact_subsection_{name}_engagement", tuple(subsections)
    yield f"fact_section_{name}_engagement", tuple(sections)
    yield f"fact_{'pageview' if name == 'page' else name}_engagement", tuple(both)


SELECTS = {
    # There, a page is what the statement names, a sequence in older players.
    **dict(
        _relations(
            "page",
            (_DONE.format(block_id="block_id", source="reporting.fct_navigation_events"),),
            "unit",
            "pages viewed",
        )
    ),
    **dict(
        _relations(
            "problem",
            (_DONE.format(block_id="problem_id", source="reporting.fct_problem_attempts"),),
            "problem",
            "problems attempted",
        )
    ),
    # A video is viewed where it was played, in some releases where a second of it was watched.
    **dict(
        _relations(
            "video",
            tuple(
                _DONE.format(block_id="block_id", source=f"reporting.fct_video_views {condition}")
                for condition in ("", "where seconds_watched > 0")
            ),
            "video",
            "videos viewed",
        )
    ),
}
