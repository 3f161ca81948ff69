"""Statements on problems: one function a kind. Scores are points."""

from __future__ import annotations

import json
from collections.abc import Sequence

from loader.generate.blocks import Block, Part
from loader.generate.compose import Scene, part_statement, statement
from loader.generate.vocabulary import (
    ASKED,
    ATTEMPT_ID,
    ATTEMPTED,
    COMPLETED,
    EVALUATED,
    HINT_TYPE,
    INTERACTION_TYPE,
    QUESTION_TYPE,
    SOLUTION_TYPE,
    json_text,
)


def _activity(identity: str, kind: str) -> str:
    return f'{{"id": "{identity}", "objectType": "Activity", "definition": {{"type": "{kind}"}}}}'


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _score(points: int, possible: int) -> str:
    scaled = points / possible if possible else 0
    return f'{{"min": 0, "max": {possible}, "raw": {points}, "scaled": {scaled}}}'


def attempted(scene: Scene, moment: int, problem: Block) -> str:
    """The learner pressed Submit, as the browser tells it: without a result."""
    activity = (
        f'{{"id": "{problem.iri}", "objectType": "Activity", "definition": '
        f'{{"type": "{INTERACTION_TYPE}", "interactionType": "other"}}}}'
    )
    return statement(ATTEMPTED, scene, moment, activity)


def graded(scene: Scene, moment: int, problem: Block, points: int) -> str:
    """The grade book took in a problem's score."""
    possible = problem.content.weight
    result = f'{{"success": {_truth(points >= possible)}, "score": {_score(points, possible)}}}'
    activity = _activity(problem.iri, QUESTION_TYPE)
    return statement(ATTEMPTED, scene, moment, activity, result=result)


def evaluated(
    scene: Scene, moment: int, problem: Block, attempt: int, answer: tuple[str, bool], points: int
) -> str:
    """The server judged the answer to a problem of one part."""
    part = problem.content.parts[0]
    response, right = answer
    result = (
        f'{{"success": {_truth(right)}, "score": {_score(points, problem.content.weight)}, '
        f'"response": {response}}}'
    )
    activity = _question(problem.iri, part, attempt)
    return statement(EVALUATED, scene, moment, activity, result=result)


def evaluated_opaque(
    scene: Scene, moment: int, problem: Block, attempt: int, right: bool, points: int
) -> str:
    """The server judged a problem of a kind it knows no response type for.

    Such a problem goes by its name, and the response is a Python dictionary as text.
    """
    content = problem.content
    given = {f"{content.digits}_2_1": f"[{points}, {attempt}]"}
    result = (
        f'{{"success": {_truth(right)}, "score": {_score(points, content.weight)}, '
        f'"response": {json_text(str(given))}}}'
    )
    activity = _named(problem, attempt, "Activity")
    return statement(EVALUATED, scene, moment, activity, result=result)


def evaluated_group(
    scene: Scene,
    moment: int,
    problem: Block,
    attempt: int,
    answers: Sequence[tuple[str, bool]],
    points: int,
) -> str:
    """The server judged a problem of several parts: the statement on the whole."""
    parts = problem.content.parts
    given = {
        part.part_id: json.loads(answer[0]) for part, answer in zip(parts, answers, strict=True)
    }
    result = (
        f'{{"success": {_truth(all(right for _, right in answers))}, '
        f'"score": {_score(points, problem.content.weight)}, "response": {json_text(str(given))}}}'
    )
    activity = _named(problem, attempt, "GroupActivity")
    return statement(EVALUATED, scene, moment, activity, result=result)


def evaluated_part(
    scene: Scene, moment: int, problem: Block, attempt: int, part: Part, answer: tuple[str, bool]
) -> str:
    """The server judged a problem of several parts: the statement on one part, without score."""
    response, right = answer
    iri = f"{problem.iri.rsplit('@', 1)[0]}@{part.part_id}"
    return part_statement(
        EVALUATED,
        scene,
        moment,
        _question(iri, part, attempt),
        space=part.space,
        result=f'{{"success": {_truth(right)}, "response": {response}}}',
        whole=_named(problem, attempt, "GroupActivity"),
    )


def _question(iri: str, part: Part, attempt: int) -> str:
    return (
        f'{{"id": "{iri}", "objectType": "Activity", "definition": '
        f'{{"extensions": {{"{ATTEMPT_ID}": {attempt}}}, '
        f'"description": {{"en-US": {part.question}}}, '
        f'"type": "{INTERACTION_TYPE}", "interactionType": "{part.interaction}"}}}}'
    )


def _named(problem: Block, attempt: int, object_type: str) -> str:
    return (
        f'{{"id": "{problem.iri}", "objectType": "{object_type}", "definition": '
        f'{{"extensions": {{"{ATTEMPT_ID}": {attempt}}}, '
        f'"name": {{"en-US": {json_text(problem.content.name)}}}, '
        f'"type": "{INTERACTION_TYPE}", "interactionType": "other"}}}}'
    )


def answer_shown(scene: Scene, moment: int, problem: Block) -> str:
    """The learner had the answer shown."""
    activity = _activity(f"{problem.iri}/answer", SOLUTION_TYPE)
    return statement(ASKED, scene, moment, activity)


def hint_shown(scene: Scene, moment: int, problem: Block, number: int) -> str:
    """The learner asked for a hint; hints are numbered from 0."""
    activity = _activity(f"{problem.iri}/hint/{number}", HINT_TYPE)
    return statement(ASKED, scene, moment, activity)


def problem_completed(scene: Scene, moment: int, problem: Block) -> str:
    """The problem is done. The object is the bare usage key, not an IRI made of it."""
    return statement(COMPLETED, scene, moment, _activity(problem.key, INTERACTION_TYPE))
