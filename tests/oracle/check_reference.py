"""Compare the oracle with what the reference implementation made of the same statements.

    python -m tests.oracle.check_reference FOLDER

FOLDER holds statements.jsonl.gz, the event-sink dumps and expected/*.csv of openedx/aspects-dbt.
Our settings are turned to the reference's rules first; what it does otherwise is written here.
Exits with 1 if anything differs.
"""

import csv
import gzip
import io
import json
import struct
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.oracle import (
    Landed,
    Row,
    VideoRule,
    dim_course_blocks,
    dim_courses,
    fct_enrollments,
    fct_learner_course_status,
    fct_page_visits,
    fct_problem_results,
    fct_video_segments,
)
from tests.oracle.courses import moment
from tests.oracle.learner_course_status import PASSED, grade_bucket
from tests.oracle.problems import ATTEMPT_ID
from tests.oracle.statements import actor_of, at

REFERENCE_VIDEO = VideoRule("last", "inclusive", wall_clock_check=False, rounding="up")
BLOCK_TYPE = {"chapter": "section", "sequential": "subsection", "vertical": "unit"}


def main(folder: Path) -> int:
    landed = read_statements(folder)
    courses = dim_courses([], read_csv(folder, "course_overviews"))
    course_blocks = read_csv(folder, "course_blocks")
    blocks = reference_blocks(dim_course_blocks(landed, course_blocks), courses)
    status = fct_learner_course_status(landed)
    made = {
        "dim_most_recent_enrollment": fct_enrollments(landed),
        "dim_learner_most_recent_course_grade": reference_grades(landed),
        "dim_learner_most_recent_course_state": [
            row | {"approving_state": row["passing_state"]}
            for row in status
            if row["passing_state"] != "not graded yet"
        ],
        "dim_student_status": reference_student_status(landed, courses),
        "fact_video_segments": [
            row | {"watched_segment": row["watched_second"], "watch_count": row["times_watched"]}
            for row in fct_video_segments(landed, REFERENCE_VIDEO)
        ],
        "dim_course_blocks": blocks,
        "dim_learner_last_response": reference_last_responses(landed, blocks),
        "fact_navigation_completion": reference_navigation(
            fct_page_visits(landed, course_blocks), blocks
        ),
    }
    # Columns that the states here do not have: the time of the grade and of the passing state, the
    # learner's names (personal data), the length of the video (it is in fct_video_views).
    left_out = {
        "dim_learner_most_recent_course_grade": {"emission_time"},
        "dim_learner_most_recent_course_state": {"emission_time"},
        "dim_student_status": {"username", "name", "email"},
        "fact_video_segments": {"video_duration"},
    }
    agree = [
        report(
            name, difference(rows, read_csv(folder, f"expected/{name}"), left_out.get(name, set()))
        )
        for name, rows in made.items()
    ]
    return 0 if all(agree) else 1


def reference_grades(landed: list[Landed]) -> list[Row]:
    """There, a `passed` statement never carries a grade."""
    without_passed = [one for one in landed if one.statement["verb"]["id"] != PASSED]
    return [
        row for row in fct_learner_course_status(without_passed) if row["course_grade"] is not None
    ]


def reference_student_status(landed: list[Landed], courses: list[Row]) -> list[Row]:
    """There, only the enrolled have a status, none is 'failed', no grade is 0, a grade a float."""
    grades = {learner_course(row): row["course_grade"] for row in reference_grades(landed)}
    course = {row["course_key"]: row for row in courses}
    rows = []
    for row in fct_learner_course_status(landed):
        grade = single_precision(grades.get(learner_course(row), 0.0))
        state = row["passing_state"]
        if row["enrollment_status"]:
            rows.append(
                row
                | course[row["course_key"]]
                | {
                    "approving_state": "failed" if state == "not graded yet" else state,
                    "course_grade": grade,
                    "grade_bucket": grade_bucket(grade),
                    "enrolled_at": row["enrollment_changed_at"],
                }
            )
    return rows


def learner_course(row: Row) -> tuple[str, str]:
    return row["actor_id"], row["course_key"]


def single_precision(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


def reference_blocks(blocks: list[Row], courses: list[Row]) -> list[Row]:
    """There, only blocks of a dump are known, and names carry the place in the course."""
    course = {row["course_key"]: row for row in courses}
    rows = []
    for row in blocks:
        if row["hierarchy_location"]:
            section = f"{row['section_number']}:0:0"
            subsection = f"{row['section_number']}:{row['subsection_number']}:0"
            rows.append(
                row
                | course[row["course_key"]]
                | {
                    "block_type": BLOCK_TYPE.get(row["block_type"], row["block_type"]),
                    "graded": "true" if row["is_graded"] else "false",
                    "section_number": section,
                    "subsection_number": subsection,
                    "display_name_with_location": located(
                        row["hierarchy_location"], row["block_name"]
                    ),
                    "section_with_name": located(section, row["section_name"]),
                    "subsection_with_name": located(subsection, row["subsection_name"]),
                }
            )
    return rows


def reference_last_responses(landed: list[Landed], blocks: list[Row]) -> list[Row]:
    """There, of two gradings of one attempt the first counts, and problems carry a link."""
    block = {row["block_id"]: row for row in blocks}
    rows = []
    for row in fct_problem_results(first_gradings(landed)):
        if row["attempts"]:
            place = block[row["problem_id"]]["display_name_with_location"]
            rows.append(
                row
                | {
                    "problem_link": f'<a href="{row["object_id"]}" target="_blank">{place}</a>',
                    "display_name_with_location": place,
                    "graded": block[row["problem_id"]]["graded"],
                    "course_order": block[row["problem_id"]]["course_order"],
                    "attempts": row["last_attempt"],
                    "success": str(row["last_success"]).lower(),
                    "emission_time": row["last_attempted_at"],
                    "responses": row["last_response"],
                    "scaled_score": row["last_score_scaled"],
                }
            )
    return rows


def first_gradings(landed: list[Landed]) -> list[Landed]:
    """The statements without the later ones on an attempt that was graded before."""
    first: dict[object, Landed] = {}
    for one in sorted(landed, key=lambda one: one.emission_time):
        attempt = at(one.statement, "object", "definition", "extensions", ATTEMPT_ID)
        object_id = at(one.statement, "object", "id")
        graded = (actor_of(one.statement), object_id, attempt)
        first.setdefault(one.event_id if attempt is None else graded, one)
    return list(first.values())


def reference_navigation(visits: list[Row], blocks: list[Row]) -> list[Row]:
    """There, a page is what the statement names, and a learner's last day on it is kept.

    All statements here name a sequence. One without units is not in the table.
    """
    known = {(block["course_key"], block["block_id"]): block for block in blocks}
    units = Counter(
        (block["course_key"], block["subsection_block_id"])
        for block in blocks
        if block["block_type"] == "unit"
    )
    rows = {}
    for visit in sorted(visits, key=lambda visit: visit["visited_on"]):
        course_key, actor_id = visit["course_key"], visit["actor_id"]
        sequence = known[course_key, visit["block_id"]]["subsection_block_id"]
        page_count = units[course_key, sequence]
        if page_count:
            rows[course_key, sequence, actor_id] = known[course_key, sequence] | {
                "page_count": page_count,
                "actor_id": actor_id,
                "visited_on": visit["visited_on"],
            }
    return list(rows.values())


def located(hierarchy: str, name: str) -> str:
    return f"{hierarchy} - {name}" if name else ""


@dataclass(frozen=True)
class Difference:
    """Rows as text: in both, expected only, made only."""

    columns: list[str]
    matched: Counter[tuple[str, ...]]
    missing: Counter[tuple[str, ...]]
    unexpected: Counter[tuple[str, ...]]

    def rows(self) -> int:
        """How many rows differ."""
        return self.missing.total() + self.unexpected.total()


def difference(made: list[Row], expected: list[dict[str, str]], left_out: set[str]) -> Difference:
    """What differs, as multisets of rows, in the columns of `expected` that are not left out."""
    columns = [column for column in expected[0] if column not in left_out]
    ours = Counter(tuple(shown(row[column]) for column in columns) for row in made)
    theirs = Counter(tuple(shown(row[column]) for column in columns) for row in expected)
    return Difference(columns, ours & theirs, theirs - ours, ours - theirs)


def report(name: str, found: Difference, lacks: str = "") -> bool:
    """Print what differs; whether it is nothing but what we are known to lack."""
    print(
        f"{name}: {found.matched.total()} matched, {found.missing.total()} missing, "
        f"{found.unexpected.total()} unexpected{f' (it lacks {lacks})' if lacks else ''}"
    )
    for label, rows in (("missing", found.missing), ("unexpected", found.unexpected)):
        for row in sorted(rows)[:3]:
            print(f"  {label}: {dict(zip(found.columns, row, strict=True))}")
    return not found.unexpected and (not found.missing or bool(lacks))


def shown(value: object) -> str:
    """A value as text, so that both sides read alike: floats to 4 decimals, times in seconds."""
    written = f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "utcoffset") else str(value)
    if written in ("True", "False"):
        return written.lower()
    if written.startswith("["):
        return json.dumps(json.loads(written))
    try:
        return f"{float(written):.4f}"
    except ValueError:
        return written


def read_statements(folder: Path) -> list[Landed]:
    with gzip.open(folder / "statements.jsonl.gz", "rt", encoding="utf-8") as lines:
        statements = [json.loads(line) for line in lines]
    return [
        Landed(statement["id"], moment(statement["timestamp"]), received, statement)
        for received, statement in enumerate(statements)
    ]


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    plain, packed = folder / f"{name}.csv", folder / f"{name}.csv.gz"
    data = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    rows: Iterable[dict[str, str]] = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return list(rows)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
