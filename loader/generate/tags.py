"""Taxonomies, their tags, and what is tagged with them."""

from __future__ import annotations

from loader.generate.blocks import Block
from loader.generate.catalog import Course
from loader.generate.chance import source, uuid4
from loader.generate.options import GeneratorOptions
from loader.generate.vocabulary import json_text

TAXONOMIES = {1: "Subjects", 2: "Skills"}
# (id, taxonomy, id of the parent tag or None, value)
TAGS: tuple[tuple[int, int, int | None, str], ...] = (
    (1, 1, None, "Sciences"),
    (2, 1, None, "Humanities"),
    (3, 1, 1, "Mathematics"),
    (4, 1, 3, "Linear algebra"),
    (5, 1, 1, "Physics"),
    (6, 1, 2, "Languages"),
    (7, 1, 2, "History"),
    (8, 1, 6, "Español"),
    (9, 2, None, "Remember"),
    (10, 2, None, "Analyse, compare"),
    (11, 2, 10, "Interpret a graph"),
    (12, 2, 9, "Recall terms"),
)
_BY_ID = {tag[0]: tag for tag in TAGS}
TAGGED_KINDS = ("problem", "video", "sequential")


def lineage(tag: int) -> list[str]:
    """Return the values from the topmost tag down to this one."""
    _, _, parent, value = _BY_ID[tag]
    return [*(lineage(parent) if parent else []), value]


def _course_tags(course: Course) -> list[int]:
    return [1 + course.index % 8] + ([2] if course.index % 8 in (0, 2) else [])


def _block_tags(course: Course, block: Block) -> list[int]:
    if block.content.kind not in TAGGED_KINDS or (block.index + course.index) % 5:
        return []
    return [3 + block.index % 10] + ([1] if block.index % 7 == 0 else [])


def _label(tag: int) -> str:
    return f"{TAXONOMIES[_BY_ID[tag][1]]}={_BY_ID[tag][3]}"


def tags_of_course(course: Course) -> list[str]:
    """Return the course's tags as the course dump lists them."""
    return [_label(tag) for tag in _course_tags(course)]


def tags_of_blocks(course: Course) -> dict[int, list[str]]:
    """Return the tags of blocks as the block dump lists them, by place in the course."""
    tagged = ((block.index, _block_tags(course, block)) for block in course.blocks)
    return {index: [_label(tag) for tag in tags] for index, tags in tagged if tags}


def tag_tables(
    options: GeneratorOptions, courses: list[Course], stamp: str
) -> tuple[list[list[object]], list[list[object]], list[list[object]]]:
    """Return the rows of the tables tag, taxonomy and object_tag."""
    rng = source(options.seed, "tags")
    dump = uuid4(rng)
    tags: list[list[object]] = []
    for number, taxonomy, parent, value in TAGS:
        tag_row: list[object] = [number, taxonomy, parent or "", value, f"T{number}"]
        tags.append([*tag_row, json_text(lineage(number)), dump, stamp])
    taxonomies: list[list[object]] = [
        [number, name, dump, stamp] for number, name in TAXONOMIES.items()
    ]
    tagged: list[tuple[str, int]] = []
    for course in courses:
        tagged += [(course.key, tag) for tag in _course_tags(course)]
        for block in course.blocks:
            if not course.is_gone(block, options.days):
                tagged += [(block.key, tag) for tag in _block_tags(course, block)]
    object_tags: list[list[object]] = []
    for number, (key, tag) in enumerate(tagged, start=1):
        taxonomy = _BY_ID[tag][1]
        export_id = f"{taxonomy}-{TAXONOMIES[taxonomy].lower()}"
        row: list[object] = [number, key, taxonomy, tag, _BY_ID[tag][3], export_id]
        object_tags.append([*row, json_text(lineage(tag)), dump, stamp])
    return tags, taxonomies, object_tags
