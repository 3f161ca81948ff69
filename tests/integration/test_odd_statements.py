"""Statements built to break: none may fail a load or a build, each has a known outcome."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.reporting import dbt, records
from tests.statements import REMOVED, Statement, lines, statement, text
from tests.warehouse import Warehouse, counted

VIDEO = "https://lms.example/xblock/block-v1:Org+Demo+1+type@video+block@v1"
PROBLEM = "https://lms.example/xblock/block-v1:Org+Demo+1+type@problem+block@p1"
COURSE = {
    "id": "https://lms.example/course/course-v1:Org+Demo+1",
    "definition": {"type": "http://adlnet.gov/expapi/activities/course"},
}
IN_COURSE = {"contextActivities": {"parent": [COURSE]}}
PLAYED = {"id": "https://w3id.org/xapi/video/verbs/played"}
EVALUATED = {"id": "https://w3id.org/xapi/acrossx/verbs/evaluated"}
TIME = "https://w3id.org/xapi/video/extensions/time"
LENGTH = "https://w3id.org/xapi/video/extensions/length"
LONG = "né" * 5_000


def video(position: object, length: object = 100) -> Statement:
    return {
        "verb": PLAYED,
        "object": {"id": VIDEO},
        "context": IN_COURSE | {"extensions": {LENGTH: length}},
        "result": {"extensions": {TIME: position}},
    }


def answer(result: object, **definition: object) -> Statement:
    return {
        "verb": EVALUATED,
        "object": {"id": PROBLEM, "definition": definition},
        "context": IN_COURSE,
        "result": result,
    }


def nested(levels: int) -> Any:
    return json.loads("[" * levels + "]" * levels)


# What a statement changes of a good one, and what staging makes of it.
LANDED: dict[str, tuple[Statement, dict[str, object]]] = {
    "no result at all": (
        answer(None) | {"result": REMOVED},
        {"subject": "problem", "success": None, "attempt": None, "score_scaled": None},
    ),
    "nulls": (
        answer({"success": None, "score": {"scaled": None}, "response": None}),
        {"success": None, "score_scaled": None, "response": ""},
    ),
    "result is a word": (answer("passed"), {"success": None, "score_raw": None}),
    "numbers as words": (
        answer({"success": "true", "score": {"scaled": "0.5", "raw": "3"}}),
        {"success": True, "score_scaled": 0.5, "score_raw": 3.0},
    ),
    "score of no number": (answer({"score": {"scaled": "good"}}), {"score_scaled": None}),
    "an attempt beyond counting": (
        answer({}, extensions={"http://id.tincanapi.com/extension/attempt-id": 1e300}),
        {"attempt": None, "block_id": "block-v1:Org+Demo+1+type@problem+block@p1"},
    ),
    "a number of forty digits": (
        answer({"score": {"raw": 1, "scaled": 10**40}, "success": True}),
        {"score_raw": 1.0, "score_scaled": None, "success": True},
    ),
    "a long name": (
        {"object": COURSE | {"definition": {**COURSE["definition"], "name": {"en": LONG}}}},  # type: ignore[dict-item]
        {"object_name": LONG, "course_name": LONG, "org": "Org"},
    ),
    "a name in Arabic": (
        {"object": {"id": COURSE["id"], "definition": {"name": {"ar": "مقدمة"}}}},
        {"object_name": "مقدمة"},
    ),
    "a name that is a number": (
        {"object": {"id": COURSE["id"], "definition": {"name": 7}}},
        {"object_name": "", "subject": "enrollment"},
    ),
    "nested deeply": (
        {"context": {"extensions": {"https://x.example/deep": nested(150)}}},
        {"subject": "enrollment"},
    ),
    "a group": (
        {"actor": {"objectType": "Group", "mbox": "mailto:team@example.com"}},
        {"actor_id": "mailto:team@example.com", "actor_kind": "mbox"},
    ),
    "a group without a name": (
        {"actor": {"objectType": "Group", "member": [{"mbox": "mailto:a@example.com"}]}},
        {"actor_id": "", "actor_kind": ""},
    ),
    "about a statement": (
        {"object": {"objectType": "StatementRef", "id": str(uuid.UUID(int=999))}},
        {"object_id": str(uuid.UUID(int=999)), "course_key": ""},
    ),
    "about a person": (
        {"object": {"objectType": "Agent", "mbox": "mailto:b@example.com"}},
        {"object_id": "", "course_key": "", "org": ""},
    ),
    "about a statement within": (
        {
            "object": {
                "objectType": "SubStatement",
                "actor": {"mbox": "mailto:c@example.com"},
                "verb": PLAYED,
                "object": {"id": VIDEO},
            }
        },
        {"object_id": "", "subject": "enrollment"},
    ),
    "context is a list": ({"context": []}, {"session_id": ""}),
    "parent is no list": (
        answer({}) | {"context": {"contextActivities": {"parent": "course"}}},
        {"course_key": ""},
    ),
    "a time with an offset": (
        {"timestamp": "2026-03-01T23:30:00+05:30"},
        {"emission_time": "2026-03-01 18:00:00.000000"},
    ),
    "a time without a zone": (
        {"timestamp": "2026-03-01T10:00:00"},
        {"emission_time": "2026-03-01 10:00:00.000000"},
    ),
    "a time in nanoseconds": (
        {"timestamp": "2026-03-01T10:00:00.123456789Z"},
        {"emission_time": "2026-03-01 10:00:00.123456"},
    ),
    "the year 1970": (
        {"timestamp": "1970-01-01T00:00:00Z"},
        {"emission_time": "1970-01-01 00:00:00.000000"},
    ),
    "the year 2262": (
        {"timestamp": "2262-12-31T23:59:59.999999Z"},
        {"emission_time": "2262-12-31 23:59:59.999999"},
    ),
    "a play before the start": (video(-3), {"video_position": -3.0, "subject": "video"}),
    "a play beyond the day": (video(1e12), {"video_position": 1e12}),
    "a position in words": (video("12.4"), {"video_position": 12.4}),
    "a length below zero": (video(1, -5), {"video_length": -5.0}),
    "a verb nobody knows": (
        {"verb": {"id": "https://x.example/verbs/pondered"}},
        {"verb": "pondered", "subject": "other"},
    ),
    "a course key with too few parts": (
        {"object": {"id": "https://lms.example/course/course-v1:Org"}},
        {"course_key": "", "org": ""},
    ),
}


def test_every_odd_statement_has_its_outcome(warehouse: Warehouse) -> None:
    given = [
        statement(number, **changes)
        for number, (changes, _outcome) in enumerate(LANDED.values(), start=1)
    ]
    load = warehouse.ingest(lines(*given))
    assert counted(load) == (len(LANDED), 0, 0, 0)

    dbt(warehouse.settings, "run")

    staged = {
        row["event_id"].int: row
        for row in warehouse.client.query(
            "SELECT * REPLACE (toString(emission_time) AS emission_time) "
            "FROM xapi.stg_xapi__statements FINAL"
        ).named_results()
    }
    for number, (name, (_changes, outcome)) in enumerate(LANDED.items(), start=1):
        found = {column: staged[number][column] for column in outcome}
        assert found == outcome, name


def test_odd_statements_leave_no_trace_in_the_numbers(warehouse: Warehouse) -> None:
    plays = [video(-3), video(1e12), video(50, -5), video("x")]
    given = [
        statement(n, timestamp=f"2026-03-01T10:0{n}:00Z", **one) for n, one in enumerate(plays)
    ]
    warehouse.ingest(lines(*given))
    dbt(warehouse.settings, "run")
    (*views,) = records(warehouse.client, "fct_video_views")
    assert [row["seconds_watched"] for row in views] == [0] * len(views)
    assert all(row["share_watched"] in (0, None) for row in views)


def test_a_statement_nested_too_deeply_is_rejected(warehouse: Warehouse) -> None:
    deep = statement(1, context={"extensions": {"https://x.example/deep": nested(200)}})
    assert counted(warehouse.ingest(lines(deep, statement(2)))) == (1, 0, 0, 1)
    assert warehouse.rejects == [(1, 0, "too_deep")]


def test_a_number_no_computer_holds_is_null_and_the_rest_is_read(warehouse: Warehouse) -> None:
    huge = text(statement(1, **answer({"score": {"raw": 1, "scaled": 0.5}, "success": True})))
    warehouse.ingest(lines(huge.replace(b"0.5", b"1e999")))
    dbt(warehouse.settings, "run")
    (row,) = records(warehouse.client, "fct_problem_events")
    assert (row["score_raw"], row["score_scaled"], row["success"]) == (1.0, None, True)


def test_nothing_at_all_builds(warehouse: Warehouse) -> None:
    dbt(warehouse.settings, "run")
    dbt(warehouse.settings, "run")
    assert records(warehouse.client, "fct_enrollments") == []
