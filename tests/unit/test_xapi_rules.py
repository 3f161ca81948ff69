"""The rules of the specification: a change to a valid statement, and what it breaks."""

from __future__ import annotations

from typing import Any

import pytest

from loader.xapi import Rule, violations
from tests.unit.complete_statement import (
    ACCOUNT,
    ACTIVITY,
    AGENT,
    COMPLETE,
    REFERENCE,
    REMOVED,
    SUB_STATEMENT,
    WITHOUT_PLATFORM,
    changed,
    text,
)
from tests.unit.test_xapi_values import INVALID

Changes = dict[str, Any]

MBOX_ONLY = {"mbox": "mailto:ana@school.example"}
SUB = "object/"  # the statement within
OF_SUB_STATEMENT = {"object": SUB_STATEMENT} | WITHOUT_PLATFORM
VOIDING: Changes = {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}
CONTEXT_AGENT = {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["x:y"]}
CONTEXT_GROUP = {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [AGENT]}}
TWO: Changes = {"version": "2.0.0"}
DEFINITION = "object/definition/"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": REMOVED, "version": REMOVED, "timestamp": REMOVED, "stored": REMOVED},
        {"actor": MBOX_ONLY},
        {"actor": {"mbox_sha1sum": "E" * 40}},
        {"actor": {"openid": "https://id.example/ana"}},
        {"actor": {"account": ACCOUNT | {"name": ""}}},
        {"actor": {"objectType": "Group", "name": "Blue", "account": ACCOUNT}},
        {"actor": {"objectType": "Group", "member": [MBOX_ONLY]}},
        {"actor": {"objectType": "Group", "account": ACCOUNT, "member": []}},
        {"verb": {"id": "http://school.example/verbs/ran"}},
        {"verb/display": {"i-klingon": "", "sr-Latn-RS": "x"}},
        {"object": {"id": "x:y"}},
        {"object": {"id": "x:y", "definition": {}}},
        {"object": AGENT} | WITHOUT_PLATFORM,
        {"object": {"objectType": "Group", "member": [AGENT]}} | WITHOUT_PLATFORM,
        {"object": REFERENCE} | WITHOUT_PLATFORM,
        OF_SUB_STATEMENT,
        OF_SUB_STATEMENT | {SUB + "object": AGENT, SUB + "context": {}},
        OF_SUB_STATEMENT | {SUB + "object": REFERENCE, SUB + "context": REMOVED},
        VOIDING | {"object": REFERENCE} | WITHOUT_PLATFORM,
        {"result": {}, "context": {}, "attachments": []},
        {"context/contextActivities": {}},
        {"authority": AGENT},
        {"authority": REMOVED},
        {DEFINITION + "correctResponsesPattern": [], DEFINITION + "choices": []},
        {DEFINITION + "choices": REMOVED},
        {"version": REMOVED, "context/contextAgents": [CONTEXT_AGENT]},
        TWO | {"context/contextAgents": [], "context/contextGroups": [CONTEXT_GROUP]},
        TWO | {"version": "2.0", "context/contextAgents": [CONTEXT_AGENT]},
    ],
)
def test_what_is_valid(changes: Changes) -> None:
    assert violations(text(changed(changes))) == []


@pytest.mark.parametrize(
    ("kind", "lists"),
    [
        ("true-false", []),
        ("choice", ["choices"]),
        ("fill-in", []),
        ("long-fill-in", []),
        ("matching", ["source", "target"]),
        ("performance", ["steps"]),
        ("sequencing", ["choices"]),
        ("likert", ["scale"]),
        ("numeric", []),
        ("other", []),
    ],
)
def test_the_lists_of_each_interaction_type(kind: str, lists: list[str]) -> None:
    for name in ("choices", "scale", "source", "target", "steps"):
        definition = {"interactionType": kind, name: [{"id": "1"}]}
        found = violations(changed({"object/definition": definition}))
        assert [one.rule for one in found] == ([] if name in lists else [Rule.COMPONENT_LIST])


BROKEN: list[tuple[Changes, str, Rule, str]] = [
    # Of every object.
    ({"actor": REMOVED}, "actor", Rule.REQUIRED, "2.4"),
    ({"verb": REMOVED}, "verb", Rule.REQUIRED, "2.4"),
    ({"object": REMOVED}, "object", Rule.REQUIRED, "2.4"),
    ({"verb/id": REMOVED}, "verb.id", Rule.REQUIRED, "2.4.3"),
    ({"object/id": REMOVED}, "object.id", Rule.REQUIRED, "2.4.4"),
    ({"actor": {"account": {"name": "a"}}}, "actor.account.homePage", Rule.REQUIRED, "2.4.2.4"),
    ({"actor": {"account": {"homePage": "x:y"}}}, "actor.account.name", Rule.REQUIRED, "2.4.2.4"),
    (
        {"context/contextActivities/other": [{}]},
        "context.contextActivities.other[0].id",
        Rule.REQUIRED,
        "2.4.4.1",
    ),
    ({"context/statement/id": REMOVED}, "context.statement.id", Rule.REQUIRED, "2.4.4.3"),
    *(
        ({f"attachments/0/{name}": REMOVED}, f"attachments[0].{name}", Rule.REQUIRED, "2.4.11")
        for name in ("usageType", "display", "contentType", "length", "sha2")
    ),
    ({"actor": "ana"}, "actor", Rule.TYPE, "2.2"),
    ({"actor": []}, "actor", Rule.TYPE, "2.2"),
    ({"actor/name": 5}, "actor.name", Rule.TYPE, "2.2"),
    ({"verb": "ran"}, "verb", Rule.TYPE, "2.2"),
    ({"verb/display": "ran"}, "verb.display", Rule.TYPE, "2.2"),
    ({"verb/display/en": 5}, "verb.display.en", Rule.TYPE, "2.2"),
    ({"object": [ACTIVITY]}, "object", Rule.TYPE, "2.2"),
    ({"result/success": "true"}, "result.success", Rule.TYPE, "2.2"),
    ({"result/completion": 1}, "result.completion", Rule.TYPE, "2.2"),
    ({"result/response": 5}, "result.response", Rule.TYPE, "2.2"),
    ({"result/score": 5}, "result.score", Rule.TYPE, "2.2"),
    ({"result/extensions": []}, "result.extensions", Rule.TYPE, "2.2"),
    ({"context/platform": {}}, "context.platform", Rule.TYPE, "2.2"),
    ({"context/contextActivities": "x"}, "context.contextActivities", Rule.TYPE, "2.2"),
    (
        {"context/contextActivities/parent": "x"},
        "context.contextActivities.parent",
        Rule.TYPE,
        "2.2",
    ),
    ({DEFINITION + "choices": {"id": "a"}}, "object.definition.choices", Rule.TYPE, "2.2"),
    ({DEFINITION + "choices/0/id": 1}, "object.definition.choices[0].id", Rule.TYPE, "2.2"),
    (
        {DEFINITION + "correctResponsesPattern": [5]},
        "object.definition.correctResponsesPattern[0]",
        Rule.TYPE,
        "2.2",
    ),
    ({"attachments": {}}, "attachments", Rule.TYPE, "2.2"),
    ({"attachments": ["x"]}, "attachments[0]", Rule.TYPE, "2.2"),
    ({"actor/name": None}, "actor.name", Rule.NULL, "2.2"),
    ({"actor": None}, "actor", Rule.NULL, "2.2"),
    ({"id": None}, "id", Rule.NULL, "2.2"),
    ({"verb/display/en": None}, "verb.display.en", Rule.NULL, "2.2"),
    ({DEFINITION + "moreInfo": None}, "object.definition.moreInfo", Rule.NULL, "2.2"),
    ({"result/score/raw": None}, "result.score.raw", Rule.NULL, "2.2"),
    ({"context/extensions": None}, "context.extensions", Rule.NULL, "2.2"),
    ({"context/statement": None}, "context.statement", Rule.NULL, "2.2"),
    ({"Actor": AGENT}, "Actor", Rule.UNKNOWN_PROPERTY, "2.2"),
    ({"iD": "x"}, "iD", Rule.UNKNOWN_PROPERTY, "2.2"),
    ({"a b.c": 1}, '["a b.c"]', Rule.UNKNOWN_PROPERTY, "2.2"),
    ({"actor/member": []}, "actor.member", Rule.UNKNOWN_PROPERTY, "2.2"),
    ({"verb/name": "ran"}, "verb.name", Rule.UNKNOWN_PROPERTY, "2.2"),
    ({"result/Score": {}}, "result.Score", Rule.UNKNOWN_PROPERTY, "2.2"),
    (
        {"context/contextActivities/next": []},
        "context.contextActivities.next",
        Rule.UNKNOWN_PROPERTY,
        "2.2",
    ),
    ({"actor/objectType": "agent"}, "actor.objectType", Rule.VOCABULARY, "2.4.2"),
    ({"actor/objectType": "Person"}, "actor.objectType", Rule.VOCABULARY, "2.4.2"),
    ({"object/objectType": "activity"}, "object.objectType", Rule.VOCABULARY, "2.4.4"),
    (
        {"object/objectType": "GroupActivity"},
        "object.objectType",
        Rule.VOCABULARY,
        "2.4.4",
    ),
    ({"object": AGENT | {"objectType": "agent"}}, "object.objectType", Rule.VOCABULARY, "2.4.4"),
    (
        {"context/statement/objectType": "statementref"},
        "context.statement.objectType",
        Rule.VOCABULARY,
        "2.4.4.3",
    ),
    ({"context/team": AGENT}, "context.team.objectType", Rule.VOCABULARY, "2.4.2.2"),
    (
        {DEFINITION + "interactionType": "Choice"},
        "object.definition.interactionType",
        Rule.VOCABULARY,
        "2.4.4.1",
    ),
    # Of maps.
    ({"verb/display": {}}, "verb.display", Rule.LANGUAGE_MAP, "4.2"),
    ({"verb/display/a12345": "x"}, "verb.display.a12345", Rule.LANGUAGE_TAG, "4.2"),
    (
        {"attachments/0/description": {"de-419-DE": "x"}},
        'attachments[0].description["de-419-DE"]',
        Rule.LANGUAGE_TAG,
        "4.2",
    ),
    (
        {DEFINITION + "choices/0/description": {"s-RS": "x"}},
        'object.definition.choices[0].description["s-RS"]',
        Rule.LANGUAGE_TAG,
        "4.2",
    ),
    ({"context/extensions": {"level": 1}}, "context.extensions.level", Rule.EXTENSION_KEY, "4.1"),
    ({"result/extensions": {"a b": 1}}, 'result.extensions["a b"]', Rule.EXTENSION_KEY, "4.1"),
    (
        {DEFINITION + "extensions": {"school.example/x": 1}},
        'object.definition.extensions["school.example/x"]',
        Rule.EXTENSION_KEY,
        "4.1",
    ),
    # Of actors.
    ({"actor": {"name": "Ana"}}, "actor", Rule.NO_IDENTIFIER, "2.4.2.3"),
    ({"actor/openid": "x:y"}, "actor", Rule.SEVERAL_IDENTIFIERS, "2.4.2.3"),
    ({"context/team/account": ACCOUNT}, "context.team", Rule.SEVERAL_IDENTIFIERS, "2.4.2.3"),
    ({"actor": {"objectType": "Group"}}, "actor", Rule.GROUP_WITHOUT_MEMBERS, "2.4.2.2"),
    (
        {"actor": {"objectType": "Group", "member": []}},
        "actor",
        Rule.GROUP_WITHOUT_MEMBERS,
        "2.4.2.2",
    ),
    (
        {"actor": {"objectType": "Group", "member": [{"objectType": "Group", "account": ACCOUNT}]}},
        "actor.member[0].objectType",
        Rule.GROUP_IN_GROUP,
        "2.4.2.2",
    ),
    ({"actor": {"mbox_sha1sum": "abc"}}, "actor.mbox_sha1sum", Rule.MBOX_SHA1SUM, "2.4.2.3"),
    (
        {"actor": {"account": ACCOUNT | {"homePage": "/"}}},
        "actor.account.homePage",
        Rule.IRI,
        "4.3",
    ),
    ({"authority/member/1": REMOVED}, "authority", Rule.AUTHORITY, "2.4.9"),
    ({"authority/member": [AGENT] * 3}, "authority", Rule.AUTHORITY, "2.4.9"),
    ({"authority/account": ACCOUNT}, "authority", Rule.AUTHORITY, "2.4.9"),
    (
        {"authority": {"objectType": "Group", "account": ACCOUNT}},
        "authority",
        Rule.AUTHORITY,
        "2.4.9",
    ),
    # Of activities.
    (
        {DEFINITION + "interactionType": REMOVED},
        "object.definition",
        Rule.INTERACTION_TYPE,
        "2.4.4.1",
    ),
    ({DEFINITION + "steps": []}, "object.definition.steps", Rule.COMPONENT_LIST, "2.4.4.1"),
    (
        {DEFINITION + "choices": [{"id": "a"}, {"id": "a"}]},
        "object.definition.choices",
        Rule.COMPONENT_IDS,
        "2.4.4.1",
    ),
    # Of results, contexts and attachments.
    ({"result/score/scaled": 1.01}, "result.score.scaled", Rule.SCALED, "2.4.5.1"),
    ({"result/score/scaled": -1.00001}, "result.score.scaled", Rule.SCALED, "2.4.5.1"),
    ({"result/score": {"min": 1, "max": 1}}, "result.score", Rule.SCORE_RANGE, "2.4.5.1"),
    ({"result/score": {"min": 2, "max": 1.5}}, "result.score", Rule.SCORE_RANGE, "2.4.5.1"),
    ({"result/score/raw": 10.5}, "result.score.raw", Rule.RAW_SCORE, "2.4.5.1"),
    ({"result/score": {"raw": 0, "min": 0.5}}, "result.score.raw", Rule.RAW_SCORE, "2.4.5.1"),
    (
        {"object": AGENT, "context/platform": REMOVED},
        "context.revision",
        Rule.ACTIVITY_ONLY,
        "2.4.6",
    ),
    (
        {"object": REFERENCE, "context/revision": REMOVED},
        "context.platform",
        Rule.ACTIVITY_ONLY,
        "2.4.6",
    ),
    ({"context/registration": "7"}, "context.registration", Rule.UUID, "4.4"),
    ({"context/contextAgents": []}, "context.contextAgents", Rule.ONLY_IN_2_0, "2.4.6"),
    (
        {"context/contextGroups": [CONTEXT_GROUP]},
        "context.contextGroups",
        Rule.ONLY_IN_2_0,
        "2.4.6",
    ),
    (
        {
            "attachments/0/usageType": "http://adlnet.gov/expapi/attachments/signature",
        },
        "attachments[0].contentType",
        Rule.SIGNATURE,
        "2.6",
    ),
    # Of statements about statements.
    *(
        (
            OF_SUB_STATEMENT | {SUB + name: COMPLETE[name]},
            f"object.{name}",
            Rule.SUB_STATEMENT,
            "2.4.4.3",
        )
        for name in ("id", "stored", "version", "authority")
    ),
    (
        OF_SUB_STATEMENT | {SUB + "object": SUB_STATEMENT},
        "object.object",
        Rule.NESTED_SUB_STATEMENT,
        "2.4.4.3",
    ),
    (OF_SUB_STATEMENT | {SUB + "verb/id": "ran"}, "object.verb.id", Rule.IRI, "4.3"),
    (OF_SUB_STATEMENT | {SUB + "timestamp": "soon"}, "object.timestamp", Rule.TIMESTAMP, "4.5"),
    (
        OF_SUB_STATEMENT | {SUB + "object": AGENT, SUB + "context/platform": REMOVED},
        "object.context.revision",
        Rule.ACTIVITY_ONLY,
        "2.4.6",
    ),
    (VOIDING, "object", Rule.VOIDING, "2.3.2"),
]


@pytest.mark.parametrize(("changes", "path", "rule", "section"), BROKEN)
def test_what_breaks_a_rule_of_1_0_3(changes: Changes, path: str, rule: Rule, section: str) -> None:
    (violation,) = violations(text(changed(changes)))
    assert (violation.path, violation.rule) == (path, rule)
    assert violation.section == f"xAPI 1.0.3 part 2, {section}"


BROKEN_IN_2_0: list[tuple[Changes, str, Rule, str]] = [
    (
        {"context/contextAgents": [CONTEXT_AGENT | {"objectType": "Agent"}]},
        "context.contextAgents[0].objectType",
        Rule.VOCABULARY,
        "4.2.2.5",
    ),
    (
        {"context/contextAgents": [{"objectType": "contextAgent"}]},
        "context.contextAgents[0].agent",
        Rule.REQUIRED,
        "4.2.2.5",
    ),
    (
        {"context/contextAgents": [CONTEXT_AGENT | {"agent": {"name": "Ana"}}]},
        "context.contextAgents[0].agent",
        Rule.NO_IDENTIFIER,
        "4.2.2.1",
    ),
    (
        {"context/contextAgents": [CONTEXT_AGENT | {"relevantTypes": []}]},
        "context.contextAgents[0].relevantTypes",
        Rule.RELEVANT_TYPES,
        "4.2.2.5",
    ),
    (
        {"context/contextAgents": [CONTEXT_AGENT | {"relevantTypes": ["coach"]}]},
        "context.contextAgents[0].relevantTypes[0]",
        Rule.IRI,
        "4.2.7",
    ),
    (
        {"context/contextGroups": [CONTEXT_GROUP | {"group": AGENT}]},
        "context.contextGroups[0].group.objectType",
        Rule.VOCABULARY,
        "4.2.2.1",
    ),
    ({"verb/id": REMOVED}, "verb.id", Rule.REQUIRED, "4.2.2.2"),
    ({"actor": {"objectType": "Group"}}, "actor", Rule.GROUP_WITHOUT_MEMBERS, "4.2.2.1"),
    ({"actor/name": None}, "actor.name", Rule.NULL, "4.2.1"),
    (VOIDING, "object", Rule.VOIDING, "4.2.5"),
    (
        OF_SUB_STATEMENT | {SUB + "timestamp": "2026-01-31T12:00:00"},
        "object.timestamp",
        Rule.TIMESTAMP_RFC_3339,
        "4.2.7",
    ),
]


@pytest.mark.parametrize(("changes", "path", "rule", "section"), BROKEN_IN_2_0)
def test_what_breaks_a_rule_of_2_0(changes: Changes, path: str, rule: Rule, section: str) -> None:
    (violation,) = violations(text(changed(TWO | changes)))
    assert (violation.path, violation.rule) == (path, rule)
    assert violation.section == f"IEEE 9274.1.1, {section}"


def test_what_only_2_0_has_makes_a_statement_one_of_2_0_unless_it_says_otherwise() -> None:
    undated = {"context/contextGroups": [CONTEXT_GROUP], "timestamp": "2026-01-31T12:00:00"}
    (violation,) = violations(changed(undated | {"version": REMOVED}))
    assert violation.rule is Rule.TIMESTAMP_RFC_3339
    (violation,) = violations(changed(undated))
    assert violation.rule is Rule.ONLY_IN_2_0
    within = OF_SUB_STATEMENT | {SUB + "context/contextAgents": [CONTEXT_AGENT | {"agent": 5}]}
    (violation,) = violations(changed(within | {"version": REMOVED}))
    assert violation.section == "IEEE 9274.1.1, 4.2.1"
    (violation,) = violations(changed(OF_SUB_STATEMENT | {SUB + "context/contextAgents": []}))
    assert (violation.path, violation.rule) == ("object.context.contextAgents", Rule.ONLY_IN_2_0)


@pytest.mark.parametrize(
    ("line", "path", "rule"),
    [
        (b"", "", Rule.JSON),
        (b"{", "", Rule.JSON),
        (b"\xff", "", Rule.JSON),
        (b'{"x": NaN}', "", Rule.JSON),
        (b'{"x": -Infinity}', "", Rule.JSON),
        (b'{"x": "\\ud800"}', "", Rule.JSON),
        (b"{} {}", "", Rule.JSON),
        (b"[" * 300, "", Rule.JSON),
        (b"[]", "", Rule.TYPE),
        (b"null", "", Rule.NULL),
        (b'"text"', "", Rule.TYPE),
        (b'{"id": 1, "id": 1}', "id", Rule.REPEATED_PROPERTY),
        (b'{"a": [1, {"b": {"c": 1, "\\u0063": 2}}]}', "a[1].b.c", Rule.REPEATED_PROPERTY),
    ],
)
def test_what_is_no_object_or_no_json(line: bytes, path: str, rule: Rule) -> None:
    (violation,) = violations(line)
    assert (violation.path, violation.rule) == (path, rule)


def test_a_property_may_not_be_repeated_in_extensions_either() -> None:
    line = text(COMPLETE).replace(b'{"first": ', b'{"first": 1, "first": ')
    (violation,) = violations(line)
    assert violation.path == 'result.extensions["https://school.example/x/tries"].first'
    assert violations(line.replace(b"tries", b"\xff"))[0].rule is Rule.JSON


def test_all_that_is_wrong_is_told_but_not_what_follows_from_it() -> None:
    several = changed({"verb/id": "ran", "id": "1", "object": AGENT | {"objectType": "agent"}})
    assert sorted(one.path for one in violations(several)) == ["id", "object.objectType", "verb.id"]


SCORE = {"scaled": 2, "raw": 9, "min": 3, "max": 1}
IN_TWO_LISTS = {"interactionType": "choice", "scale": [], "choices": [{"id": "a"}, {"id": "a"}]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"result/score": SCORE},
            {
                ("result.score.scaled", Rule.SCALED),
                ("result.score.raw", Rule.RAW_SCORE),
                ("result.score", Rule.SCORE_RANGE),
            },
        ),
        (
            {"object/definition": IN_TWO_LISTS},
            {
                ("object.definition.choices", Rule.COMPONENT_IDS),
                ("object.definition.scale", Rule.COMPONENT_LIST),
            },
        ),
        (
            VOIDING | {"object": AGENT, "authority/member/1": REMOVED},
            {
                ("object", Rule.VOIDING),
                ("context.revision", Rule.ACTIVITY_ONLY),
                ("context.platform", Rule.ACTIVITY_ONLY),
                ("authority", Rule.AUTHORITY),
            },
        ),
        (
            {"context/contextAgents": [CONTEXT_AGENT], "context/contextGroups": [CONTEXT_GROUP]},
            {
                ("context.contextAgents", Rule.ONLY_IN_2_0),
                ("context.contextGroups", Rule.ONLY_IN_2_0),
            },
        ),
        (
            TWO | {"timestamp": "2026-01-31T12:00:00", "stored": "2026-01-31T12:00:00"},
            {
                ("timestamp", Rule.TIMESTAMP_RFC_3339),
                ("stored", Rule.TIMESTAMP_RFC_3339),
            },
        ),
    ],
)
def test_of_rules_about_several_properties_all_that_are_broken_are_told(
    changes: Changes, expected: set[tuple[str, Rule]]
) -> None:
    assert {(one.path, one.rule) for one in violations(changed(changes))} == expected


def test_what_is_too_deep_is_called_so() -> None:
    assert violations(text(changed({"result/extensions": {"x:y": nested(190)}}))) == []
    (violation,) = violations(text(changed({"result/extensions": {"x:y": nested(200)}})))
    assert violation.message == "nested deeper than 200 levels"


def nested(levels: int) -> list[Any]:
    return [nested(levels - 1)] if levels else []


def test_a_violation_is_a_sentence() -> None:
    (violation,) = violations(changed({"context/contextActivities/parent": [{"id": "quiz"}]}))
    assert str(violation) == (
        "context.contextActivities.parent[0].id: not an absolute IRI (iri; xAPI 1.0.3 part 2, 4.3)"
    )
    (violation,) = violations(changed({"actor/objectType": "agent"}))
    assert violation.message == "not 'Agent' or 'Group'"
    (violation,) = violations(changed({"context/instructor/member/0/objectType": "agent"}))
    assert violation.message == "not 'Agent'"
    (violation,) = violations(changed({"object/objectType": "activity"}))
    assert violation.message == (
        "not 'Activity', 'Agent', 'Group', 'StatementRef' or 'SubStatement'"
    )
    (violation,) = violations(
        changed(OF_SUB_STATEMENT | {SUB + "object/objectType": "Substatement"})
    )
    assert violation.message == "not 'Activity', 'Agent', 'Group' or 'StatementRef'"
    (violation,) = violations("[]")
    assert str(violation).startswith("statement: of the wrong type, an object is expected (type; ")


def test_every_rule_has_a_case() -> None:
    seen = {rule for _, _, rule, _ in BROKEN + BROKEN_IN_2_0} | {rule for _, rule in INVALID}
    assert set(Rule) - seen == {Rule.JSON, Rule.REPEATED_PROPERTY}  # which are no values
