{{ config(materialized='view') }}

with

object_tags as (
    select * from {{ ref('stg_event_sink__object_tags') }}
),

listed_tags as (
    select * from {{ ref('stg_event_sink__listed_tags') }}
),

tags as (
    select * from {{ ref('stg_event_sink__tags') }}
),

taxonomies as (
    select * from {{ ref('stg_event_sink__taxonomies') }}
),

-- Still there by the dumps of tags, and by those of the course if they came later.
tagged as (
    select
        object_tags.object_id as object_id,
        object_tags.taxonomy_id as taxonomy_id,
        object_tags.tag_id as tag_id,
        object_tags.tag as tag,
        object_tags.lineage as lineage,
        false as is_listed_only
    from object_tags
    left any join listed_tags
        on object_tags.object_id = listed_tags.object_id
    where
        object_tags.is_present
        and (
            listed_tags.dumped_at <= object_tags.last_dumped_at
            or object_tags.tag_id = 0
            or has(listed_tags.tag_ids, object_tags.tag_id)
        )
),

-- In dumps of the course alone: not every platform sends those of tags.
listed_only as (
    select
        listed.object_id as object_id,
        tags.taxonomy_id as taxonomy_id,
        tags.tag_id as tag_id,
        tags.tag as tag,
        tags.lineage as lineage,
        true as is_listed_only
    from (
        select
            object_id,
            arrayJoin(tag_ids) as listed_id
        from listed_tags
    ) as listed
    inner join tags
        on listed.listed_id = tags.tag_id
    where (object_id, tag_id) not in (
        select
            object_id,
            tag_id
        from object_tags
    )
),

all_tags as (
    select * from tagged
    union all
    select * from listed_only
),

by_object as (
    select
        object_id,
        taxonomy_id,
        groupArray((tag_id, tag, lineage, is_listed_only)) as tags_of_object
    from all_tags
    group by
        object_id,
        taxonomy_id
),

-- Such a list has all tags above a tag, too, which its lineage says already.
explicit as (
    select
        object_id,
        taxonomy_id,
        arrayJoin(
            arrayFilter(
                one -> not one.4 or not arrayExists(
                    other -> length(other.3) > length(one.3)
                    and arraySlice(other.3, 1, length(one.3)) = one.3,
                    tags_of_object
                ),
                tags_of_object
            )
        ) as one_tag
    from by_object
)

select
    explicit.object_id as object_id,
    explicit.taxonomy_id as taxonomy_id,
    taxonomies.taxonomy_name as taxonomy_name,
    tupleElement(explicit.one_tag, 1) as tag_id,
    tupleElement(explicit.one_tag, 2) as tag,
    tupleElement(explicit.one_tag, 3) as lineage
from explicit
left any join taxonomies
    on explicit.taxonomy_id = taxonomies.taxonomy_id
