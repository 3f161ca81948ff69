"""What results at problems come to: difficulty, graded subsections, engagement by section."""

from collections import defaultdict
from collections.abc import Iterable
from math import sqrt
from statistics import fmean

from tests.oracle.course_blocks import dim_course_blocks
from tests.oracle.courses import Dump
from tests.oracle.problems import fct_problem_attempts, fct_problem_results
from tests.oracle.statements import Landed, Row

LEARNER = ("org", "course_key", "actor_id", "actor_home_page")
PROBLEM = ("org", "course_key", "problem_id", "problem_part")
OUTCOME = ("score_scaled", "score_raw", "score_max")


def fct_problem_difficulty(landed: Iterable[Landed]) -> list[Row]:
    """One row per problem part answered or helped with by anyone."""
    history = list(landed)
    told = {
        key_of(row, (*LEARNER, *PROBLEM))
        for row in fct_problem_attempts(history)
        if row["success"] is not None
    }
    solved: dict[tuple[str, ...], int] = defaultdict(int)
    problems: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in fct_problem_results(history):
        row["is_outcome_told"] = key_of(row, (*LEARNER, *PROBLEM)) in told
        solved[key_of(row, LEARNER)] += row["is_solved"] and row["problem_part"] == ""
        problems[key_of(row, PROBLEM)].append(row)
    return [
        dict(zip(PROBLEM, key, strict=True))
        | difficulty_of(rows, [solved[key_of(row, LEARNER)] for row in rows])
        for key, rows in sorted(problems.items())
    ]


def difficulty_of(rows: list[Row], problems_solved: list[int]) -> Row:
    """The difficulty by all learners' results, and how many problems each of these solved."""
    is_whole = rows[0]["problem_part"] == ""
    outcomes = [row for row in rows if row["is_outcome_told"]]
    strength = [
        (row["is_solved"], total)
        for row, total in zip(rows, problems_solved, strict=True)
        if row["is_outcome_told"]
    ]
    return {
        "learners": sum(row["attempts"] > 0 for row in rows),
        "first_try_success_share": mean(
            row["first_success"] for row in rows if row["first_success"] is not None
        ),
        "success_share": mean(row["is_solved"] for row in outcomes),
        "attempts_when_right": mean(
            row["solved_attempt"] for row in outcomes if row["solved_attempt"]
        ),
        "attempts_when_wrong": mean(
            row["last_attempt"] for row in outcomes if not row["solved_attempt"]
        ),
        "discrimination": correlation(strength),
        "hint_share": mean(row["hints_shown"] > 0 for row in rows) if is_whole else None,
        "answer_shown_share": mean(row["answers_shown"] > 0 for row in rows) if is_whole else None,
    }


def fct_graded_subsection_results(
    landed: Iterable[Landed], course_blocks: Iterable[Dump]
) -> list[Row]:
    """One row per learner and graded problem that the learner answered."""
    history = list(landed)
    graded = {
        (row["course_key"], row["block_id"]): row
        for row in dim_course_blocks(history, course_blocks)
        if row["is_graded"]
    }
    rows = []
    for row in fct_problem_results(history):
        block = graded.get((row["course_key"], row["problem_id"]))
        if block and row["attempts"] and not row["problem_part"]:
            rows.append(
                {name: row[name] for name in (*LEARNER, "problem_id", "last_attempt")}
                | {name: block[name] for name in ("subsection_block_id", "is_current")}
                | {name: row[f"last_{name}"] for name in ("success", *OUTCOME)}
            )
    return rows


def fct_problem_engagement(landed: Iterable[Landed], course_blocks: Iterable[Dump]) -> list[Row]:
    """One row per learner and section or subsection with a problem attempted."""
    history = list(landed)
    problems: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for block in dim_course_blocks(history, course_blocks):
        if block["block_type"] == "problem" and block["is_current"]:
            for level in ("section", "subsection"):
                place = block[f"{level}_block_id"]
                if place:
                    problems[block["course_key"], level, place].add(block["block_id"])
    attempted: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in fct_problem_results(history):
        if row["attempts"]:
            attempted[key_of(row, LEARNER)].add(row["problem_id"])
    return [
        dict(zip(LEARNER, learner, strict=True))
        | {
            "content_level": level,
            "block_id": place,
            "problems_attempted": len(there & done),
            "problems_total": len(there),
            "is_complete": there <= done,
        }
        for learner, done in sorted(attempted.items())
        for (course_key, level, place), there in sorted(problems.items())
        if course_key == learner[1] and there & done
    ]


def key_of(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[column] for column in columns)


def mean(values: Iterable[float]) -> float | None:
    """The average; None of nothing."""
    found = [float(value) for value in values]
    return fmean(found) if found else None


def correlation(pairs: list[tuple[bool, int]]) -> float | None:
    """Pearson's correlation; None where one side does not vary."""
    if not pairs:
        return None
    left, right = fmean(one for one, _ in pairs), fmean(other for _, other in pairs)
    products = sum((one - left) * (other - right) for one, other in pairs)
    squares = sum((one - left) ** 2 for one, _ in pairs)
    other_squares = sum((other - right) ** 2 for _, other in pairs)
    return products / sqrt(squares * other_squares) if squares * other_squares > 1e-9 else None
