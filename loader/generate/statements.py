"""Statements on enrolment, grades, completion, navigation and exams: one function a kind.

Each returns the statement's JSON text. `moment` is in microseconds since 1970.
"""

from __future__ import annotations

from loader.generate.blocks import Block
from loader.generate.catalog import Course
from loader.generate.compose import Scene, statement, statement_without_course
from loader.generate.vocabulary import (
    ATTEMPT_COMPLETED,
    ATTEMPT_ID,
    ATTEMPT_STARTED,
    ATTEMPT_TYPE,
    COURSE_TYPE,
    DURATION,
    EARNED,
    ENDING_POINT,
    FAILED,
    GRADE_LETTER,
    INITIALIZED,
    KIND,
    LINK_TYPE,
    MODULE_TYPE,
    NAVIGATED,
    OPENEDX,
    PASSED,
    PROGRESS,
    PROGRESSED,
    REGISTERED,
    RESOURCE_TYPE,
    STARTING_POSITION,
    TERMINATED,
    TIME_LIMIT,
    TOTAL_ITEMS,
    UNREGISTERED,
    Verb,
    json_text,
)


def _course_activity(course: Course, name: str, extensions: str = "") -> str:
    return (
        f'{{"id": "{course.iri}", "objectType": "Activity", "definition": {{{extensions}'
        f'"name": {{"en": {json_text(name)}}}, "type": "{COURSE_TYPE}"}}}}'
    )


def _resource(iri: str, extensions: str = "") -> str:
    return (
        f'{{"id": "{iri}", "objectType": "Activity", "definition": '
        f'{{{extensions}"type": "{RESOURCE_TYPE}"}}}}'
    )


def registered(scene: Scene, moment: int, course: Course, name: str, mode: str) -> str:
    """Enrolment in a course, or a change of its mode, which is sent the same way."""
    activity = _course_activity(course, name, f'"extensions": {{"{KIND}": "{mode}"}}, ')
    return statement_without_course(REGISTERED, scene, moment, activity)


def unregistered(scene: Scene, moment: int, course: Course, name: str, mode: str) -> str:
    """Leaving a course."""
    activity = _course_activity(course, name, f'"extensions": {{"{KIND}": "{mode}"}}, ')
    return statement_without_course(UNREGISTERED, scene, moment, activity)


def passed(scene: Scene, moment: int, course: Course, name: str) -> str:
    """The course grade reached the pass mark. Carries no score, as sent."""
    activity = _course_activity(course, name, '"extensions": {}, ')
    return statement_without_course(PASSED, scene, moment, activity)


def failed(scene: Scene, moment: int, course: Course, name: str) -> str:
    """The course grade was reckoned and is below the pass mark. Carries no score, as sent."""
    activity = _course_activity(course, name, '"extensions": {}, ')
    return statement_without_course(FAILED, scene, moment, activity)


def earned_on_subsection(
    scene: Scene, moment: int, subsection: Block, points: int, possible: int
) -> str:
    """A subsection grade in points."""
    scaled = points / possible if possible else 0
    result = (
        f'{{"success": {"true" if points >= possible else "false"}, "score": {{"min": 0, '
        f'"max": {float(possible)}, "raw": {float(points)}, "scaled": {scaled}}}}}'
    )
    return statement(EARNED, scene, moment, _resource(subsection.iri), result=result)


def earned_on_course(
    scene: Scene, moment: int, course: Course, name: str, share: float, letter: str
) -> str:
    """A course grade as a share of 1; without a letter it is a Fail."""
    result = (
        f'{{"score": {{"min": 0.0, "max": 1.0, "raw": {share}, "scaled": {share}}}, '
        f'"extensions": {{"{GRADE_LETTER}": "{letter or "Fail"}"}}}}'
    )
    return statement(EARNED, scene, moment, _course_activity(course, name), result=result)


def progressed(scene: Scene, moment: int, block: Block, completion: float) -> str:
    """A block's completion between 0 and 1."""
    result = (
        f'{{"completion": {"true" if completion == 1.0 else "false"}, '
        f'"extensions": {{"{PROGRESS}": {completion * 100}}}}}'
    )
    return statement(PROGRESSED, scene, moment, _resource(block.iri), result=result)


def navigated_in_sequence(
    scene: Scene, moment: int, named: Block, tabs: int, current: int, target: str
) -> str:
    """A step along a sequence. `target` is JSON: "next unit", "previous unit" or a number."""
    return statement(
        NAVIGATED,
        scene,
        moment,
        _resource(named.iri, f'"extensions": {{"{TOTAL_ITEMS}": {tabs}}}, '),
        extensions=f'"{STARTING_POSITION}": {current}, "{ENDING_POINT}": {target}',
    )


def navigated_by_outline(scene: Scene, moment: int, url: str, name: str) -> str:
    """A choice in the course outline."""
    activity = (
        f'{{"id": "{url}", "objectType": "Activity", "definition": '
        f'{{"name": {{"en": {json_text(name)}}}, "type": "{MODULE_TYPE}"}}}}'
    )
    return statement(NAVIGATED, scene, moment, activity)


def navigated_by_link(scene: Scene, moment: int, url: str) -> str:
    """A click on a link."""
    activity = (
        f'{{"id": "{url}", "objectType": "Activity", "definition": {{"type": "{LINK_TYPE}"}}}}'
    )
    return statement(NAVIGATED, scene, moment, activity)


def exam_initialized(scene: Scene, moment: int, exam: Block, code: str, number: int) -> str:
    """An attempt at a special exam was created; it has neither end nor duration yet."""
    return _exam(INITIALIZED, scene, moment, exam, code, f'"{ATTEMPT_ID}": {number}')


def exam_terminated(
    scene: Scene,
    moment: int,
    exam: Block,
    code: str,
    number: int,
    started: str,
    completed: str,
    seconds: float,
) -> str:
    """An attempt at a special exam was handed in."""
    extensions = (
        f'"{ATTEMPT_STARTED}": "{started}", "{ATTEMPT_COMPLETED}": "{completed}", '
        f'"{DURATION}": {seconds}, "{ATTEMPT_ID}": {number}'
    )
    return _exam(TERMINATED, scene, moment, exam, code, extensions)


def _exam(verb: Verb, scene: Scene, moment: int, exam: Block, code: str, attempt: str) -> str:
    name = json_text(exam.content.name)
    activity = (
        f'{{"id": "{exam.key}", "objectType": "Activity", "definition": '
        f'{{"name": {{"en": {name}}}, "type": "{OPENEDX}activity/{exam.content.exam}-assessment", '
        f'"extensions": {{"{TIME_LIMIT}": {exam.content.time_limit}}}}}}}'
    )
    grouping = (
        f'{{"id": "{code}", "objectType": "Activity", "definition": {{"name": {{"en": {name}}}, '
        f'"type": "{ATTEMPT_TYPE}", "extensions": {{{attempt}}}}}}}'
    )
    return statement(verb, scene, moment, activity, grouping=grouping)
