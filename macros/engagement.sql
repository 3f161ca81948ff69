{#
    A CTE: one row a section or subsection with current items of a type of block, and how
    many it has. Subsection 0 is the section as a whole, with all of its items: also those that
    are in none of its subsections.
#}
{% macro contents_with(block_type) -%}
contents as (
    select
        course_key,
        course_name,
        course_run,
        section_number,
        arrayJoin(arrayDistinct([0, subsection_number])) as content_number,
        if(content_number = 0, section_block_id, subsection_block_id) as block_id,
        if(content_number = 0, section_name, subsection_name) as block_name,
        section_block_id,
        section_name,
        concat(toString(section_number), ':', toString(content_number), ':0')
            as hierarchy_location,
        count() as items
    from {{ ref('dim_course_blocks') }}
    where
        block_type = '{{ block_type }}'
        and is_current
        and section_number > 0
    group by all
)
{%- endmacro %}
