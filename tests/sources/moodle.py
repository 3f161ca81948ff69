"""Moodle with its Logstore xAPI plugin: the course among groupings or, of late, parents."""

from __future__ import annotations

from typing import Any

from tests.sources.parts import ACTIVITIES, ADL, ANA, BEN, CLEO, Activity, activity, dated
from tests.statements import Statement

HOME = "https://moodle.example"
COURSE = f"{HOME}/course/view.php?id=7"
QUESTION = f"{HOME}/question/question.php?cmid=12&id=3"
TYPE = "http://id.tincanapi.com/activitytype/"

SITE = activity(HOME, TYPE + "lms", en="A university")
RIVERS = activity(COURSE, TYPE + "lms/course", de="Flüsse", en="Rivers")
RIVERS_OF_LATE = activity(
    COURSE, "https://w3id.org/xapi/cmi5/activitytype/course", de="Flüsse", en="Rivers"
)
SECTION = activity(f"{HOME}/course/section.php?id=70", TYPE + "section", en="Week 1")
PAGE = activity(f"{HOME}/mod/page/view.php?id=11", TYPE + "lms/module", en="Sources of the Rhine")
QUIZ = activity(f"{HOME}/mod/quiz/view.php?id=12", ACTIVITIES + "assessment", en="Quiz 1")
ATTEMPT = activity(f"{HOME}/mod/quiz/attempt.php?attempt=1&cmid=12", ACTIVITIES + "attempt")
GROUP = activity(f"{HOME}/group/overview.php?id=5", TYPE + "group", en="Group A")


def statements() -> list[Statement]:
    """Ana takes the course, Ben leaves it, Cleo looks in without being enrolled."""
    question = activity(QUESTION, ACTIVITIES + "cmi.interaction", en="Longest river")
    question["definition"]["interactionType"] = "choice"
    viewed, completed = "http://id.tincanapi.com/verb/viewed", ADL + "completed"
    return dated(
        "moodle",
        [
            said(ANA, ADL + "registered", RIVERS, grouping=[SITE]),
            said(BEN, ADL + "registered", RIVERS, grouping=[SITE]),
            said(ANA, viewed, RIVERS, grouping=[SITE]),
            said(ANA, viewed, PAGE, grouping=[SITE, RIVERS]),
            said(
                ANA,
                ADL + "answered",
                question,
                {"response": "Danube", "success": True, "completion": True},
                grouping=[SITE, RIVERS, QUIZ, ATTEMPT],
            ),
            said(
                ANA,
                completed,
                QUIZ,
                {"score": {"raw": 8, "min": 0, "max": 10, "scaled": 0.8}, "completion": True},
                grouping=[SITE, RIVERS],
            ),
            said(CLEO, viewed, PAGE, grouping=[SITE, RIVERS]),
            said(BEN, "http://activitystrea.ms/join", GROUP, parent=[RIVERS_OF_LATE]),
            said(BEN, "http://activitystrea.ms/leave", RIVERS_OF_LATE),
            said(ANA, completed, PAGE, {"completion": True}, parent=[SECTION, RIVERS_OF_LATE]),
            said(
                ANA,
                "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted",
                PAGE,
                parent=[SECTION, RIVERS_OF_LATE],
            ),
            said(
                ANA,
                ADL + "scored",
                RIVERS,
                {"score": {"raw": 91, "min": 0, "max": 100, "scaled": 0.91}},
                grouping=[SITE],
            ),
            said(ANA, "http://id.tincanapi.com/verb/completed", RIVERS, grouping=[SITE]),
            said(ANA, "https://brindlewaye.com/xAPITerms/verbs/loggedout/", SITE, grouping=[SITE]),
        ],
    )


def said(
    who: str,
    verb: str,
    what: Activity,
    result: dict[str, Any] | None = None,
    **around: list[Activity],
) -> Statement:
    """A statement of the plugin; `around` are its context activities."""
    source = activity("http://moodle.org", TYPE + "source", en="Moodle")
    return {
        "actor": {"name": who.title(), "account": {"homePage": HOME, "name": who}},
        "verb": {"id": verb, "display": {"en": verb.strip("/").rsplit("/", 1)[-1]}},
        "object": what,
        "context": {
            "platform": "Moodle",
            "language": "en",
            "contextActivities": around | {"category": [source]},
        },
    } | ({"result": result} if result else {})
