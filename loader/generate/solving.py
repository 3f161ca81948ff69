"""Working on problems, and the grades that follow."""

from __future__ import annotations

import math

from loader.generate import problem_statements as told
from loader.generate import statements
from loader.generate.blocks import Block
from loader.generate.catalog import Sequence
from loader.generate.chance import below
from loader.generate.session import Session

MOST_ATTEMPTS = 3
LETTERS = ((0.9, "A"), (0.75, "B"), (0.0, "C"))


def solve(session: Session, sequence: Sequence, problem: Block) -> None:
    """Let the learner try until it is right or they give up, then have the grades reckoned."""
    rng = session.rng
    state = session.enrollment
    content = problem.content
    allowed = 1 if sequence.block.content.exam else MOST_ATTEMPTS
    hints = 0
    while state.attempts[problem.index] < allowed:
        session.wait(15.0, 200.0)
        if hints < content.hints and not sequence.block.content.exam and rng.random() < 0.2:
            session.act(told.hint_shown, problem, hints)
            hints += 1
            session.wait(5.0, 40.0)
        right = _submit(session, problem)
        if content.graded:
            _reckon(session, sequence)
        if right or rng.random() > 0.15 + 0.5 * session.learner.diligence:
            break
    unsolved = state.points[problem.index] < content.weight
    if unsolved and not sequence.block.content.exam and rng.random() < 0.3:
        session.wait(2.0, 15.0)
        session.act(told.answer_shown, problem)


def _submit(session: Session, problem: Block) -> bool:
    rng = session.rng
    state = session.enrollment
    content = problem.content
    place = problem.index
    state.attempts[place] += 1
    attempt = state.attempts[place]
    # Logistic in ability less difficulty; trying again helps.
    ease = session.learner.ability - content.difficulty + 0.7 * (attempt - 1)
    likely = 1.0 / (1.0 + math.exp(-ease))
    session.act(told.attempted, problem)
    session.wait(0.02, 0.3)
    count = max(1, len(content.parts))
    rights = [rng.random() < likely for _ in range(count)]
    points = content.weight * sum(rights) // count
    if not content.parts:
        session.act(told.evaluated_opaque, problem, attempt, rights[0], points)
    else:
        answers = [
            part.answers[0] if right else part.answers[1 + below(rng, len(part.answers) - 1)]
            for part, right in zip(content.parts, rights, strict=True)
        ]
        if count == 1:
            session.act(told.evaluated, problem, attempt, answers[0], points)
        else:
            session.act(told.evaluated_group, problem, attempt, answers, points)
            for part, answer in zip(content.parts, answers, strict=True):
                session.act_together(told.evaluated_part, problem, attempt, part, answer)
    state.points[place] = max(state.points[place], points)
    if state.course.reports_problem_grades and rng.random() < 0.3:
        session.wait(0.05, 0.5)
        session.act(told.graded, problem, points)
    if not state.completed[place] and rng.random() < 0.7:
        state.completed[place] = 1
        session.wait(0.02, 0.4)
        session.act_on_the_second(statements.progressed, problem, 1.0)
        if state.course.reports_problem_grades and rng.random() < 0.35:
            session.wait(0.02, 0.2)
            session.act(told.problem_completed, problem)
    return all(rights)


def _reckon(session: Session, sequence: Sequence) -> None:
    """Have the subsection's grade reckoned, and the course's: both only now and then.

    The platform gathers what a learner submits in quick succession.
    """
    rng = session.rng
    state = session.enrollment
    if rng.random() > 0.45:
        return
    points, possible = _sum_of(state.points, sequence.problems)
    session.wait(0.2, 2.0)
    session.act(statements.earned_on_subsection, sequence.block, points, possible)
    if rng.random() > 0.6:
        return
    course = state.course
    share = course_grade(session)
    letter = ""
    if share >= course.pass_mark:
        letter = "Pass" if course.index % 2 else _letter(share)
    session.wait(0.05, 1.0)
    session.act(statements.earned_on_course, course, session.name, share, letter)
    session.wait(0.02, 0.2)
    if letter and not state.passed:
        state.passed = True
        session.act(statements.passed, course, session.name)
    elif not letter and rng.random() < 0.12:
        session.act(statements.failed, course, session.name)


def course_grade(session: Session) -> float:
    """Return the share of points reached of those of all graded subsections, to 0.01."""
    state = session.enrollment
    points = possible = 0
    for sequence in state.course.sequences:
        if sequence.block.content.graded:
            got, most = _sum_of(state.points, sequence.problems)
            points += got
            possible += most
    return round(points / possible, 2) if possible else 0.0


def _sum_of(points: bytearray, problems: list[Block]) -> tuple[int, int]:
    got = possible = 0
    for problem in problems:
        got += points[problem.index]
        possible += problem.content.weight
    return got, possible


def _letter(share: float) -> str:
    return next(letter for least, letter in LETTERS if share >= least)
