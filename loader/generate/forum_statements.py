"""Statements on the discussion forum: one function a kind of act."""

from __future__ import annotations

from loader.generate.compose import Scene, statement
from loader.generate.vocabulary import (
    DELETED,
    DISCUSSION_TYPE,
    EDITED,
    KIND,
    LMS_ROOT,
    POSTED,
    REPORTED,
    UNREPORTED,
    VIEWED,
    VOTED,
    Verb,
    json_text,
)

THREADS = f"{LMS_ROOT}/api/discussion/v1/threads"
COMMENTS = f"{LMS_ROOT}/api/discussion/v1/comments"
VERBS = {
    "posted": POSTED,
    "edited": EDITED,
    "deleted": DELETED,
    "reported": REPORTED,
    "unreported": UNREPORTED,
}


def _post(
    verb: Verb, scene: Scene, moment: int, iri: str, title: str, kind: str, thread: str
) -> str:
    name = f'"name": {{"en": {json_text(title)}}}, ' if title else ""
    grouping = ""
    if thread:
        grouping = (
            f'{{"id": "{THREADS}/{thread}", "objectType": "Activity", '
            f'"definition": {{"type": "{DISCUSSION_TYPE}"}}}}'
        )
    activity = (
        f'{{"id": "{iri}", "objectType": "Activity", '
        f'"definition": {{{name}"type": "{DISCUSSION_TYPE}"}}}}'
    )
    extensions = f'"{KIND}": "{kind}"' if kind else ""
    return statement(verb, scene, moment, activity, extensions=extensions, grouping=grouping)


def thread_act(scene: Scene, moment: int, act: str, thread: str, title: str, kind: str = "") -> str:
    """A thread posted (with its kind), edited, deleted, reported or unreported."""
    return _post(VERBS[act], scene, moment, f"{THREADS}/{thread}", title, kind, "")


def reply_act(scene: Scene, moment: int, act: str, base: str, reply: str, thread: str) -> str:
    """A response or comment posted, edited, deleted, reported or unreported.

    The id follows the path of the request, `base`.
    """
    return _post(VERBS[act], scene, moment, f"{base}/{reply}", "", "", thread)


def thread_viewed(scene: Scene, moment: int, base: str, thread: str, title: str) -> str:
    """A thread read. The id follows the path of the request, `base`."""
    return _post(VIEWED, scene, moment, f"{base}/{thread}", title, "", "")


def thread_voted(scene: Scene, moment: int, thread: str, title: str, vote: str) -> str:
    """A vote for a thread, or taken back."""
    return _post(VOTED, scene, moment, f"{THREADS}/{thread}", title, vote, "")


def response_voted(scene: Scene, moment: int, response: str, thread: str, vote: str) -> str:
    """A vote for a response, or taken back."""
    return _post(VOTED, scene, moment, f"{COMMENTS}/{response}", "", vote, thread)
