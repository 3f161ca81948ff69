"""Each rule about problems on a few statements, so that the oracle itself is trusted."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.oracle import (
    Landed,
    Row,
    fct_graded_subsection_results,
    fct_problem_attempts,
    fct_problem_difficulty,
    fct_problem_engagement,
    fct_problem_responses,
    fct_problem_results,
)
from tests.oracle.problem_summaries import correlation
from tests.oracle.problems import answers_in

LMS = "https://lms.example"
COURSE = {
    "id": f"{LMS}/course/course-v1:Org+Demo+1",
    "definition": {"type": "http://adlnet.gov/expapi/activities/course"},
}
QUIZ = "block-v1:Org+Demo+1+type@problem+block@quiz"
ADL = "http://adlnet.gov/expapi/verbs/"
EVALUATED = "https://w3id.org/xapi/acrossx/verbs/evaluated"
QUESTION = "http://adlnet.gov/expapi/activities/question"
ATTEMPT_ID = "http://id.tincanapi.com/extension/attempt-id"
START = datetime(2024, 1, 1, tzinfo=timezone.utc)


def about(
    object_id: str,
    seconds: float,
    number: int = 0,
    verb: str = EVALUATED,
    parent: dict[str, Any] = COURSE,
    kind: str = "",
    **result: Any,
) -> Landed:
    """Ada did that to the object, so many seconds after START; attempt 0 is not told."""
    event_id = str(uuid5(NAMESPACE_URL, f"{object_id} {seconds}"))
    activities = {"parent": [parent], "grouping": [{"id": COURSE["id"]}]}
    statement = {
        "actor": {"account": {"name": "ada", "homePage": LMS}},
        "verb": {"id": verb},
        "object": {
            "id": object_id,
            "definition": {"type": kind, "extensions": {ATTEMPT_ID: number} if number else {}},
        },
        "context": {"contextActivities": activities},
        "result": result,
    }
    return Landed(event_id, START + timedelta(seconds=seconds), 0, statement)


def quiz(seconds: float, number: int = 0, **result: Any) -> Landed:
    return about(f"{LMS}/xblock/{QUIZ}", seconds, number, **result)


def by(name: str, landed: Landed) -> Landed:
    """The same, but of another learner and so another statement."""
    actor = {"account": {"name": name, "homePage": LMS}}
    event_id = str(uuid5(NAMESPACE_URL, f"{name} {landed.event_id}"))
    return replace(landed, event_id=event_id, statement=landed.statement | {"actor": actor})


def only(rows: list[Row]) -> Row:
    assert len(rows) == 1
    return rows[0]


def numbers_and_responses(*statements: Landed) -> list[tuple[int, str]]:
    rows = fct_problem_attempts(statements)
    return [(row["attempt"], row["response"]) for row in rows]


def test_the_highest_number_is_the_last_attempt() -> None:
    statements = [
        quiz(0, 3, response="c", success=False, score={"scaled": 0.5, "raw": 1, "max": 2}),
        quiz(1, 1, response="a", success=False),
        quiz(2, 2, response="b", success=True),
    ]
    assert only(fct_problem_results(statements)) == {
        "org": "Org",
        "course_key": "course-v1:Org+Demo+1",
        "actor_id": "ada",
        "actor_home_page": LMS,
        "problem_id": QUIZ,
        "problem_part": "",
        "object_id": f"{LMS}/xblock/{QUIZ}",
        "interaction_type": "",
        "attempts": 3,
        "first_attempt": 1,
        "first_attempted_at": START + timedelta(seconds=1),
        "first_success": False,
        "first_score_scaled": None,
        "first_response": "a",
        "first_answers": ["a"],
        "last_attempt": 3,
        "last_attempted_at": START,
        "last_success": False,
        "last_score_scaled": 0.5,
        "last_score_raw": 1.0,
        "last_score_max": 2.0,
        "last_response": "c",
        "last_answers": ["c"],
        "is_solved": True,
        "solved_attempt": 2,
        "hints_shown": 0,
        "answers_shown": 0,
    }


def test_of_one_number_the_latest_grading_counts() -> None:
    gradings = [quiz(9, 1, response="later"), quiz(1, 1, response="earlier")]
    assert numbers_and_responses(*gradings) == [(1, "later")]


def test_attempts_without_a_number_follow_by_time() -> None:
    statements = [
        quiz(5, 4, response="fourth"),
        quiz(3, -1, response="nonsense"),
        quiz(1, response="none"),
        quiz(2, 2**31, response="too many"),
    ]
    assert numbers_and_responses(*statements) == [
        (4, "fourth"),
        (5, "none"),
        (6, "too many"),
        (7, "nonsense"),
    ]


def test_parts_are_problems_of_their_own() -> None:
    group = {"objectType": "GroupActivity", "id": f"{LMS}/xblock/{QUIZ}"}
    statements = [
        quiz(0, 1, success=False),
        about(f"{LMS}/xblock/{QUIZ}_2_1", 0, 1, parent=group, success=True),
        about(f"{LMS}/xblock/{QUIZ}_3_1", 0, 1, parent=group, success=False),
    ]
    rows = fct_problem_results(statements)
    assert [(row["problem_id"], row["problem_part"], row["is_solved"]) for row in rows] == [
        (QUIZ, "", False),
        (QUIZ, "2_1", True),
        (QUIZ, "3_1", False),
    ]


def test_help_alone_is_a_result_without_an_attempt() -> None:
    asked = [
        about(f"{LMS}/xblock/{QUIZ}/{what}", seconds, verb=ADL + "asked")
        for seconds, what in enumerate(["hint/0", "hint/0", "answer"])
    ]
    result = only(fct_problem_results(asked))
    assert (result["hints_shown"], result["answers_shown"]) == (2, 1)
    assert (result["attempts"], result["first_attempt"], result["is_solved"]) == (0, None, False)
    assert fct_problem_attempts(asked) == fct_problem_responses(asked) == []


@pytest.mark.parametrize("verb", ["attempted", "passed", "failed", "completed"])
def test_without_a_graded_answer_there_is_no_result(verb: str) -> None:
    assert fct_problem_results([about(QUIZ, 0, verb=ADL + verb, kind=QUESTION)]) == []


def test_another_source_answers_questions_that_are_no_blocks() -> None:
    statements = [
        about("https://h5p.example/7", 0, verb=ADL + "answered", kind=QUESTION, success="TRUE"),
        about("https://h5p.example/7/hint/1", 1, verb=ADL + "asked"),
        about("https://h5p.example/survey", 2, verb=ADL + "answered", kind="survey"),
    ]
    result = only(fct_problem_results(statements))
    assert (result["problem_id"], result["problem_part"]) == ("https://h5p.example/7", "")
    assert (result["is_solved"], result["hints_shown"]) == (True, 1)


@pytest.mark.parametrize(
    ("response", "answers"),
    [
        ("", []),
        ("red, green", ["red, green"]),
        ('["red, green", "blue"]', ["red, green", "blue"]),
        ("red[,]blue", ["red", "blue"]),
        ('[1, null, ["a", 2]]', ["1", "", '["a",2]']),
        ("[0, 1) is half open", ["[0, 1) is half open"]),
        ("[]", ["[]"]),
    ],
)
def test_answers_are_split_at_items_only(response: str, answers: list[str]) -> None:
    assert answers_in(response) == answers


def test_an_answer_counts_once_a_learner_at_the_first_and_at_the_last_attempt() -> None:
    tries = [
        quiz(0, 1, response='["a", "a", "b"]', success=False),
        quiz(1, 2, response="middle", success=True),
        quiz(2, 3, response="a", success=True),
    ]
    rows = fct_problem_responses(tries)
    columns = ("at_attempt", "answer", "learners", "learners_right")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("first", "a", 1, 0),
        ("first", "b", 1, 0),
        ("last", "a", 1, 1),
    ]


def test_difficulty_is_by_first_tries_and_what_came_of_them() -> None:
    tries = [
        by("ada", quiz(0, 1, success=True)),
        by("ben", quiz(1, 1, success=False)),
        by("ben", quiz(2, 3, success=True)),
        by("cy", quiz(3, 5, success=False)),
        by("dee", quiz(4, 1)),
        by("eve", about(f"{LMS}/xblock/{QUIZ}/answer", 5, verb=ADL + "asked")),
    ]
    difficulty = only(fct_problem_difficulty(tries))
    assert (difficulty["learners"], difficulty["answer_shown_share"]) == (4, 0.2)
    assert difficulty["first_try_success_share"] == pytest.approx(1 / 3)
    assert difficulty["success_share"] == pytest.approx(2 / 3)
    assert (difficulty["attempts_when_right"], difficulty["attempts_when_wrong"]) == (2, 5)
    assert difficulty["discrimination"] == pytest.approx(1)


def test_nothing_correlates_with_what_does_not_vary() -> None:
    assert correlation([]) is correlation([(True, 1)]) is None
    assert correlation([(True, 1), (True, 2)]) is correlation([(True, 1), (False, 1)]) is None
    assert correlation([(True, 1), (False, 2)]) == pytest.approx(-1)


def dumped(block: str, place: tuple[int, int], graded: bool, day: int = 2) -> dict[str, str]:
    """A block of the course's dump of that day, in that section and subsection."""
    section, subsection = place
    data = {"section": section, "subsection": subsection, "unit": 0, "graded": graded}
    return {
        "org": "Org",
        "course_key": "course-v1:Org+Demo+1",
        "location": f"block-v1:Org+Demo+1+type@{block}",
        "display_name": "",
        "xblock_data_json": json.dumps(data),
        "order": "1",
        "dump_id": str(day),
        "time_last_dumped": f"2024-01-0{day}",
    }


def test_sections_have_the_current_problems_and_grades_the_graded_ones() -> None:
    blocks = [
        dumped("chapter+block@week", (1, 0), graded=False),
        dumped("sequential+block@test", (1, 1), graded=True),
        dumped("problem+block@quiz", (1, 1), graded=True),
        dumped("problem+block@exercise", (1, 0), graded=False),
        dumped("problem+block@gone", (1, 1), graded=True, day=1),
    ]
    other = [f"block-v1:Org+Demo+1+type@problem+block@{name}" for name in ("gone", "exercise")]
    tries = [by("ada", quiz(0, 2, success=True)), *(about(one, 1, 1) for one in other)]
    tries += [by("ben", about(other[0], 2, 1)), by("cy", quiz(2, 1))]
    engagement = fct_problem_engagement(tries, blocks)
    assert [
        (row["actor_id"], row["content_level"], row["problems_attempted"], row["problems_total"])
        for row in engagement
    ] == [
        ("ada", "section", 2, 2),
        ("ada", "subsection", 1, 1),
        ("cy", "section", 1, 2),
        ("cy", "subsection", 1, 1),
    ]
    graded = fct_graded_subsection_results(tries, blocks)
    assert [
        (row["actor_id"], row["problem_id"].rpartition("@")[2], row["is_current"]) for row in graded
    ] == [
        ("ada", "gone", False),
        ("ada", "quiz", True),
        ("ben", "gone", False),
        ("cy", "quiz", True),
    ]


@pytest.mark.parametrize("odd", [None, [], {}, 5, "text", True, [[]], {"id": {"id": 1}}, 10**400])
def test_nothing_odd_raises(odd: Any) -> None:
    statements = [
        Landed(str(place), START, place, quiz(0, 1, response="a").statement | {part: odd})
        for place, part in enumerate(("actor", "verb", "object", "context", "result"))
    ]
    statements += [
        quiz(1, odd, response=odd, success=odd, score=odd),
        quiz(2, score={"scaled": odd, "raw": odd}),
    ]
    for table in (fct_problem_attempts, fct_problem_responses, fct_problem_difficulty):
        assert isinstance(table(statements), list)
