"""Going through a course: enrolling, moving from page to page, doing what stands there."""

from __future__ import annotations

from loader.generate import statements
from loader.generate.blocks import Block
from loader.generate.catalog import Course, Sequence, Unit
from loader.generate.chance import below, between, pick, uuid4
from loader.generate.compose import iso_time
from loader.generate.forum import Forum
from loader.generate.session import Session
from loader.generate.solving import solve
from loader.generate.vocabulary import LMS_ROOT
from loader.generate.watching import watch

LINKS = (
    "https://www.example.com/library/handbook",
    "https://docs.example.com/guide?chapter=2",
    "https://media.example.com/slides/week.pdf",
    f"{LMS_ROOT}/dashboard",
)


def study(session: Session, forum: Forum, budget: int) -> None:
    """Fill a session with about `budget` acts, enrolling first where that is still to do."""
    rng = session.rng
    state = session.enrollment
    if not state.registered:
        first_time = not state.attempts
        state.begin()
        session.act_on_the_second(statements.registered, state.course, session.name, state.mode)
        if first_time and rng.random() < 0.1:
            return
        _enroll_elsewhere(session)
        session.wait(15.0, 400.0)
    elif state.mode in ("audit", "honor") and rng.random() < 0.12:
        state.mode = "verified"
        session.act_on_the_second(statements.registered, state.course, session.name, state.mode)
        session.wait(10.0, 60.0)
    here: Unit | None = None
    while len(session.acts) < budget and not session.over:
        if rng.random() < 0.14:
            forum.visit(session)
            continue
        unit = _next_unit(session)
        _go(session, here, unit)
        here = unit
        if unit.sequence.block.content.graded or rng.random() < 0.6:
            _work_through(session, unit)
    if len(session.acts) < budget + 8 and rng.random() < 0.05:
        session.wait(5.0, 60.0)
        state.registered = False
        session.act_on_the_second(statements.unregistered, state.course, session.name, state.mode)


def _enroll_elsewhere(session: Session) -> None:
    """Enrol in the other courses the learner has in mind, which many do at one go."""
    for other in session.learner.enrollments:
        open_now = other.course.opens <= session.day <= other.course.closes
        if not other.registered and open_now and session.rng.random() < 0.8:
            session.wait(20.0, 200.0)
            other.begin()
            name = other.course.name_on(session.day)
            session.act_on_the_second(statements.registered, other.course, name, other.mode)


def follow_link(session: Session) -> None:
    """Click on a link of the page."""
    session.act_on_the_second(statements.navigated_by_link, pick(session.rng, LINKS))


def _next_unit(session: Session) -> Unit:
    """Return the next page in order, at times one seen before or a leap ahead."""
    rng = session.rng
    state = session.enrollment
    units = state.course.units
    chance = rng.random()
    if chance < 0.09 and state.next_unit > 1:
        return units[below(rng, state.next_unit)]
    if chance < 0.12:
        state.next_unit = below(rng, len(units))
    if session.learner.hurried:
        for ahead in range(len(units)):
            place = (state.next_unit + ahead) % len(units)
            if units[place].sequence.block.content.graded:
                state.next_unit = place
                break
    unit = units[state.next_unit % len(units)]
    state.next_unit = (state.next_unit + 1) % len(units)
    return unit


def _go(session: Session, here: Unit | None, to: Unit) -> None:
    rng = session.rng
    course = session.enrollment.course
    session.wait(1.0, 30.0)
    if here is None or here.sequence is not to.sequence:
        if here is not None and rng.random() < 0.3:
            _step(session, here, '"next unit"')
        else:
            _choose_in_outline(session, course, to)
        if to.position > 1:
            session.wait(1.0, 6.0)
            _step(session, to.sequence.units[0], str(to.position))
        return
    if to.position == here.position + 1 and rng.random() < 0.75:
        _step(session, here, '"next unit"')
        if rng.random() < 0.5:
            # A look back at the page before.
            session.wait(3.0, 30.0)
            _step(session, to, '"previous unit"')
            session.wait(3.0, 40.0)
            _step(session, here, '"next unit"')
    elif to.position == here.position - 1:
        _step(session, here, '"previous unit"')
    elif to is not here:
        _step(session, here, str(to.position))


def _step(session: Session, leaving: Unit, target: str) -> None:
    newer = session.enrollment.course.names_units_when_navigating
    named = leaving.block if newer else leaving.sequence.block
    tabs = len(leaving.sequence.units)
    session.act_on_the_second(
        statements.navigated_in_sequence, named, tabs, leaving.position, target
    )


def _choose_in_outline(session: Session, course: Course, to: Unit) -> None:
    block = to.sequence.block
    url = f"{LMS_ROOT}/courses/{course.key}/jump_to/{block.key}"
    session.act_on_the_second(statements.navigated_by_outline, url, block.content.name)


def _work_through(session: Session, unit: Unit) -> None:
    """Do what stands on a page; the pages of an exam are done in one go."""
    sequence = unit.sequence
    if sequence.block.content.exam:
        _sit_exam(session, sequence)
        return
    for item in unit.items:
        if session.enrollment.course.is_gone(item, session.day):
            continue
        kind = item.content.kind
        if kind == "video":
            _view_video(session, item)
        elif kind == "problem":
            keen = 1.0 if session.learner.hurried else session.learner.diligence
            if session.rng.random() < 0.45 + 0.5 * keen:
                solve(session, sequence, item)
        else:
            session.wait(20.0, 280.0)
            if session.rng.random() < 0.7:
                _complete(session, item)
            if session.rng.random() < 0.25:
                follow_link(session)
    if session.rng.random() < 0.12:
        session.wait(0.5, 3.0)
        _complete(session, unit.block)


def _view_video(session: Session, video: Block) -> None:
    patience = 0.1 if session.learner.hurried else 0.4 + 0.6 * session.learner.diligence
    if session.enrollment.completed[video.index]:
        patience *= 0.4
    elif session.rng.random() > 0.55 + 0.45 * patience:
        return
    if watch(session, video, patience):
        session.wait(0.05, 0.5)
        _complete(session, video)


def _complete(session: Session, block: Block) -> None:
    """Report the block as done; very rarely that a completion was taken back."""
    state = session.enrollment
    if not state.completed[block.index]:
        state.completed[block.index] = 1
        session.act_on_the_second(statements.progressed, block, 1.0)
    elif session.rng.random() < 0.02:
        session.act(statements.progressed, block, 0.0)
        state.completed[block.index] = 0


def _sit_exam(session: Session, sequence: Sequence) -> None:
    state = session.enrollment
    exam = sequence.block
    if state.completed[exam.index]:
        return
    state.completed[exam.index] = 1
    state.exams_begun += 1
    number = 1000 * session.learner.number + state.course.index * 7 + state.exams_begun
    code = uuid4(session.rng).upper()
    begun = session.now
    session.act(statements.exam_initialized, exam, code, number)
    for unit in sequence.units:
        for problem in unit.items:
            solve(session, sequence, problem)
    if session.rng.random() < 0.06:
        return
    session.wait(5.0, 60.0)
    seconds = round((session.now - begun) / 1e6 - between(session.rng, 0.0, 2.0), 3)
    completed = iso_time(session.now - 200_000)
    session.act(statements.exam_terminated, exam, code, number, iso_time(begun), completed, seconds)
