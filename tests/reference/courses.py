"""Courses, blocks and tags as Aspects has them: what a dump knows, with the place in the name."""

from __future__ import annotations

# A place in the course, and the name after it where there is one.
_LOCATED = "if({name} = '', '', concat({place}, ' - ', {name}))"

BLOCKS = f"""
    select
        org,
        course_key,
        course_name,
        course_run,
        block_id,
        block_id as location,
        block_name,
        transform(
            block_type,
            ['chapter', 'sequential', 'vertical'],
            ['section', 'subsection', 'unit'],
            block_type
        ) as block_type,
        is_graded as graded,
        course_order,
        hierarchy_location,
        concat(toString(dim_course_blocks.section_number), ':0:0') as section_number,
        concat(
            toString(dim_course_blocks.section_number), ':',
            toString(dim_course_blocks.subsection_number), ':0'
        ) as subsection_number,
        section_block_id,
        subsection_block_id,
        {_LOCATED.format(name="block_name", place="hierarchy_location")}
            as display_name_with_location,
        {_LOCATED.format(name="section_name", place="section_number")} as section_with_name,
        {_LOCATED.format(name="subsection_name", place="subsection_number")}
            as subsection_with_name
    from reporting.dim_course_blocks
    where is_in_catalogue
"""

SELECTS = {
    "dim_course_names": """
        select org, course_key, course_name, course_run
        from reporting.dim_courses
        where is_in_catalogue
    """,
    "dim_course_blocks": BLOCKS,
    "dim_most_recent_course_blocks": BLOCKS,
    "dim_course_block_names": BLOCKS,
    "dim_most_recent_tags": """
        select
            tag_id as id,
            taxonomy_id as taxonomy,
            parent_tag_id as parent,
            tag as value,
            external_id,
            toJSONString(dim_tags.lineage) as lineage
        from reporting.dim_tags
    """,
    "dim_most_recent_taxonomies": """
        select distinct taxonomy_id as id, taxonomy_name as name
        from reporting.dim_tags
    """,
    "dim_most_recent_object_tags": """
        select
            course_key as object_id,
            taxonomy_id as taxonomy,
            tag as value,
            toJSONString(bridge_course_tags.lineage) as lineage
        from reporting.bridge_course_tags
        union all
        select
            block_id as object_id,
            taxonomy_id as taxonomy,
            tag as value,
            toJSONString(bridge_block_tags.lineage) as lineage
        from reporting.bridge_block_tags
    """,
    "dim_most_recent_course_tags": """
        select
            course_key,
            tag,
            course_name,
            taxonomy_name,
            toJSONString(bridge_course_tags.lineage) as lineage,
            tag_id
        from reporting.bridge_course_tags
    """,
}
