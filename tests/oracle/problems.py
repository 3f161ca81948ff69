"""What learners made of problems: attempts, results, answers (docs/definitions.md, "Problems")."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from tests.oracle.statements import (
    ADL_VERB,
    Landed,
    LearnerCourse,
    Live,
    Row,
    at,
    block_and_part,
    by_learner_and_course,
    number,
    text,
)

EVALUATED = "https://w3id.org/xapi/acrossx/verbs/evaluated"
ANSWERED = {ADL_VERB + "answered", ADL_VERB + "responded"}
ASKED = ADL_VERB + "asked"
ACTIVITY = "http://adlnet.gov/expapi/activities/"
QUESTION_TYPES = {ACTIVITY + "cmi.interaction", ACTIVITY + "question"}
HINT_TYPE = "https://w3id.org/xapi/acrossx/extensions/supplemental-info"
ATTEMPT_ID = "http://id.tincanapi.com/extension/attempt-id"

APPENDED = re.compile(r"/(?:answer|hint/[0-9]+)\Z")
HINT = re.compile(r"/hint/[0-9]+\Z")
MOST_ATTEMPTS = 2**31 - 1


@dataclass(frozen=True, order=True)
class Problem:
    """A problem as a whole, or a part of it ('' = the whole), of one learner."""

    learner: LearnerCourse
    problem_id: str
    problem_part: str

    def as_row(self) -> Row:
        part = {"problem_id": self.problem_id, "problem_part": self.problem_part}
        return asdict(self.learner) | part


@dataclass(frozen=True)
class Attempt:
    """A graded answer; its number is 0 as long as nobody told it."""

    attempt: int
    emission_time: datetime
    success: bool | None
    score_scaled: float | None
    score_raw: float | None
    score_max: float | None
    response: str
    answers: list[str]


NO_ATTEMPT = Attempt(0, datetime.min, None, None, None, None, "", [])


def fct_problem_attempts(landed: Iterable[Landed]) -> list[Row]:
    """One row per learner, problem part and attempt that was graded."""
    return [
        problem.as_row() | asdict(attempt)
        for problem, statements in problem_statements(landed).items()
        for attempt in attempts_of(statements)
    ]


def fct_problem_results(landed: Iterable[Landed]) -> list[Row]:
    """One row per learner and problem part answered or helped with."""
    return [
        problem.as_row() | result_of(statements)
        for problem, statements in problem_statements(landed).items()
    ]


def fct_problem_responses(landed: Iterable[Landed]) -> list[Row]:
    """One row per problem part, answer, and first or last attempt."""
    learners: Counter[tuple[str, ...]] = Counter()
    learners_right: Counter[tuple[str, ...]] = Counter()
    for problem, statements in problem_statements(landed).items():
        attempts = attempts_of(statements)
        grain = (problem.learner.org, problem.learner.course_key)
        part = (*grain, problem.problem_id, problem.problem_part)
        for at_attempt, place in (("first", 0), ("last", -1)):
            attempt = attempts[place] if attempts else NO_ATTEMPT
            for answer in set(attempt.answers):
                key = (*part, at_attempt, answer)
                learners[key] += 1
                learners_right[key] += attempt.success is True
    columns = ("org", "course_key", "problem_id", "problem_part", "at_attempt", "answer")
    return [
        dict(zip(columns, key, strict=True))
        | {"learners": count, "learners_right": learners_right[key]}
        for key, count in sorted(learners.items())
    ]


def problem_statements(landed: Iterable[Landed]) -> dict[Problem, list[Live]]:
    """Each learner's graded answers to and help with each problem part, in order of time."""
    problems: dict[Problem, list[Live]] = defaultdict(list)
    for learner, statements in by_learner_and_course(landed).items():
        for one in statements:
            if one.object_id and (is_graded_answer(one) or one.verb_id == ASKED):
                problems[problem_of(learner, one)].append(one)
    return dict(sorted(problems.items()))


def problem_of(learner: LearnerCourse, one: Live) -> Problem:
    """The problem's block; of a source without blocks the object, less what help appends to it."""
    block_id, part = block_and_part(one.statement)
    if block_id:
        return Problem(learner, block_id, part)
    asked = one.verb_id == ASKED
    return Problem(learner, APPENDED.sub("", one.object_id) if asked else one.object_id, "")


def is_graded_answer(one: Live) -> bool:
    """What is submitted in the browser, passed or failed tells no graded answer."""
    is_question = at(one.statement, "object", "definition", "type") in QUESTION_TYPES
    return one.verb_id == EVALUATED or (one.verb_id in ANSWERED and is_question)


def is_hint(one: Live) -> bool:
    is_type = at(one.statement, "object", "definition", "type") == HINT_TYPE
    return one.verb_id == ASKED and (is_type or HINT.search(one.object_id) is not None)


def attempts_of(statements: list[Live]) -> list[Attempt]:
    """By number, the latest of each; those without a number follow in order of time."""
    graded = [read_attempt(one) for one in statements if is_graded_answer(one)]
    numbered = {attempt.attempt: attempt for attempt in graded if attempt.attempt}
    highest = max(numbered, default=0)
    without = [attempt for attempt in graded if not attempt.attempt]
    return [numbered[key] for key in sorted(numbered)] + [
        replace(attempt, attempt=highest + place) for place, attempt in enumerate(without, start=1)
    ]


def result_of(statements: list[Live]) -> Row:
    """First and last attempt, whether any was right, and the help taken."""
    attempts = attempts_of(statements)
    first, last = (attempts or [NO_ATTEMPT])[0], (attempts or [NO_ATTEMPT])[-1]
    solved = [attempt.attempt for attempt in attempts if attempt.success]
    graded = [one for one in statements if is_graded_answer(one)]
    latest = at(graded[-1].statement, "object", "definition") if graded else None
    hints = sum(is_hint(one) for one in statements)
    return {
        "object_id": graded[-1].object_id if graded else "",
        "interaction_type": text(at(latest, "interactionType")),
        "attempts": len(attempts),
        "first_attempt": first.attempt or None,
        "first_attempted_at": first.emission_time if attempts else None,
        "first_success": first.success,
        "first_score_scaled": first.score_scaled,
        "first_response": first.response,
        "first_answers": first.answers,
        "last_attempt": last.attempt or None,
        "last_attempted_at": last.emission_time if attempts else None,
        "last_success": last.success,
        "last_score_scaled": last.score_scaled,
        "last_score_raw": last.score_raw,
        "last_score_max": last.score_max,
        "last_response": last.response,
        "last_answers": last.answers,
        "is_solved": bool(solved),
        "solved_attempt": min(solved, default=None),
        "hints_shown": hints,
        "answers_shown": len(statements) - len(graded) - hints,
    }


def read_attempt(one: Live) -> Attempt:
    result = at(one.statement, "result")
    told = number(at(one.statement, "object", "definition", "extensions", ATTEMPT_ID))
    response = as_text(at(result, "response"))
    return Attempt(
        attempt=int(told) if told is not None and 1 <= told <= MOST_ATTEMPTS else 0,
        emission_time=one.emission_time,
        success={"true": True, "false": False}.get(as_text(at(result, "success")).lower()),
        score_scaled=number(at(result, "score", "scaled")),
        score_raw=number(at(result, "score", "raw")),
        score_max=number(at(result, "score", "max")),
        response=response,
        answers=answers_in(response),
    )


def answers_in(response: str) -> list[str]:
    """The items of a JSON array, or what stands between [,]; else the response is the answer."""
    try:
        items = json.loads(response)
    except ValueError:
        items = None
    if isinstance(items, list) and items:
        return [as_text(item) for item in items]
    return response.split("[,]") if response else []


def as_text(value: Any) -> str:
    """A string as it is, nothing for null, and the JSON of anything else."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
