"""Talking on the forum, with what has been posted so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from loader.generate import forum_statements as told
from loader.generate.catalog import Course
from loader.generate.chance import below, hex32, pick
from loader.generate.forum_statements import COMMENTS
from loader.generate.session import Session
from loader.generate.titles import SUBJECTS
from loader.generate.vocabulary import LMS_ROOT

THREADS_REMEMBERED = 40
REPLIES_REMEMBERED = 12
# Each as often as it is likely: reading is by far the commonest.
ACTS = (
    *["view"] * 30, *["thread"] * 10, *["response"] * 14, *["comment"] * 9, *["vote thread"] * 5,
    *["vote response"] * 5, *["edit"] * 12, *["report"] * 8, *["unreport"] * 8, *["delete"] * 7,
)  # fmt: skip


@dataclass(slots=True)
class Reply:
    """A response, or a comment on one."""

    digits: str
    posted_at: int
    is_comment: bool


@dataclass(slots=True)
class Thread:
    """A thread of the forum with its latest replies."""

    digits: str
    posted_at: int
    title: str
    replies: list[Reply] = field(default_factory=list)


class Forum:
    """The threads of every course that are still talked about."""

    def __init__(self) -> None:
        self.threads: dict[int, list[Thread]] = {}

    def visit(self, session: Session) -> None:
        """Let the learner do one thing on the course's forum."""
        rng = session.rng
        course = session.enrollment.course
        threads = self.threads.setdefault(course.index, [])
        session.wait(5.0, 60.0)
        known = [thread for thread in threads if thread.posted_at < session.now]
        act = ACTS[below(rng, len(ACTS))]
        if not known or act == "thread":
            self._post_thread(session, threads)
            return
        thread = pick(rng, known)
        if act == "view":
            session.act(told.thread_viewed, _view_path(course), thread.digits, thread.title)
        elif act == "vote thread":
            session.act(told.thread_voted, thread.digits, thread.title, _vote(session))
        elif act == "response":
            _post_reply(session, course, thread, None)
        else:
            _act_on_post(session, course, threads, thread, act)

    def _post_thread(self, session: Session, threads: list[Thread]) -> None:
        session.wait(20.0, 240.0)
        title = f"{session.name[:40]}: {pick(session.rng, SUBJECTS)}?"
        thread = Thread(hex32(session.rng)[:24], session.now, title)
        kind = "question" if session.rng.random() < 0.4 else "discussion"
        session.act(told.thread_act, "posted", thread.digits, title, kind)
        threads.append(thread)
        del threads[:-THREADS_REMEMBERED]


def _act_on_post(
    session: Session, course: Course, threads: list[Thread], thread: Thread, act: str
) -> None:
    rng = session.rng
    known = [reply for reply in thread.replies if reply.posted_at < session.now]
    responses = [reply for reply in known if not reply.is_comment]
    if act in ("comment", "vote response"):
        if not responses:
            _post_reply(session, course, thread, None)
        elif act == "comment":
            _post_reply(session, course, thread, pick(rng, responses))
        else:
            reply = pick(rng, responses)
            session.act(told.response_voted, reply.digits, thread.digits, _vote(session))
        return
    verb = {"edit": "edited", "report": "reported", "unreport": "unreported"}.get(act, "deleted")
    if known and rng.random() < 0.7:
        reply = pick(rng, known)
        session.act(told.reply_act, verb, COMMENTS, reply.digits, thread.digits)
        if verb == "deleted":
            thread.replies.remove(reply)
        return
    session.act(told.thread_act, verb, thread.digits, thread.title)
    if verb == "deleted":
        threads.remove(thread)


def _post_reply(session: Session, course: Course, thread: Thread, to: Reply | None) -> None:
    session.wait(20.0, 180.0)
    reply = Reply(hex32(session.rng)[:24], session.now, to is not None)
    base = COMMENTS
    if not course.names_units_when_navigating:
        # Older forums post below what is replied to.
        parent = f"comments/{to.digits}" if to else f"threads/{thread.digits}"
        base = f"{LMS_ROOT}/courses/{course.key}/discussion/{parent}/reply"
    session.act(told.reply_act, "posted", base, reply.digits, thread.digits)
    thread.replies.append(reply)
    del thread.replies[:-REPLIES_REMEMBERED]


def _view_path(course: Course) -> str:
    if course.names_units_when_navigating:
        return told.THREADS
    return f"{LMS_ROOT}/courses/{course.key}/discussion/forum/general/threads"


def _vote(session: Session) -> str:
    return "up" if session.rng.random() < 0.9 else "down"
