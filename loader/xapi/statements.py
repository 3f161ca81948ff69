"""The statement and its parts (xAPI 1.0.3 part 2, 2.4; IEEE 9274.1.1, 4.2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import InitErrorDetails
from typing_extensions import Self

from loader.xapi.activities import Activity, Verb
from loader.xapi.actors import Actor, Agent, Group
from loader.xapi.patterns import RFC_3339
from loader.xapi.rules import Rule, refuse
from loader.xapi.types import (
    Duration,
    Extensions,
    Iri,
    LanguageMap,
    LanguageTag,
    Length,
    Maybe,
    MediaType,
    Number,
    Part,
    Sha2,
    Timestamp,
    Uuid,
    Version,
)

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
_is_rfc_3339 = re.compile(RFC_3339, re.ASCII).fullmatch


class Score(Part):
    """How good the outcome was."""

    scaled: Maybe[Number] = None
    raw: Maybe[Number] = None
    min: Maybe[Number] = None
    max: Maybe[Number] = None

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        refuse(self._broken())
        return self

    def _broken(self) -> Iterator[InitErrorDetails]:
        scaled, raw, low, high = self.scaled, self.raw, self.min, self.max
        if scaled is not None and not -1 <= scaled <= 1:
            yield Rule.SCALED.broken("scaled")
        if low is not None and high is not None and low >= high:
            yield Rule.SCORE_RANGE.broken()
        if raw is not None and (
            (low is not None and raw < low) or (high is not None and raw > high)
        ):
            yield Rule.RAW_SCORE.broken("raw")


class Result(Part):
    """What came of it."""

    score: Maybe[Score] = None
    success: Maybe[bool] = None
    completion: Maybe[bool] = None
    response: Maybe[str] = None
    duration: Maybe[Duration] = None
    extensions: Maybe[Extensions] = None


class StatementRef(Part):
    """Another statement, by its id."""

    objectType: Literal["StatementRef"]
    id: Uuid


def _one_or_more(value: Any) -> str:
    return "|list" if isinstance(value, list) else "|one"


# A single one instead of a list is what 0.95 wrote; it is still allowed.
_Activities = Annotated[
    Annotated[list[Activity], Tag("|list")] | Annotated[Activity, Tag("|one")],
    Discriminator(_one_or_more),
]


class ContextActivities(Part):
    """Activities that the statement's object belongs to."""

    parent: Maybe[_Activities] = None
    grouping: Maybe[_Activities] = None
    category: Maybe[_Activities] = None
    other: Maybe[_Activities] = None


_RelevantTypes = Annotated[list[Iri], Field(min_length=1)]


class ContextAgent(Part):
    """An agent who has to do with the statement (2.0)."""

    objectType: Literal["contextAgent"]
    agent: Agent
    relevantTypes: Maybe[_RelevantTypes] = None


class ContextGroup(Part):
    """A group that has to do with the statement (2.0)."""

    objectType: Literal["contextGroup"]
    group: Group
    relevantTypes: Maybe[_RelevantTypes] = None


class Context(Part):
    """What else there is to say."""

    registration: Maybe[Uuid] = None
    instructor: Maybe[Actor] = None
    team: Maybe[Group] = None
    contextActivities: Maybe[ContextActivities] = None
    contextAgents: Maybe[list[ContextAgent]] = None
    contextGroups: Maybe[list[ContextGroup]] = None
    revision: Maybe[str] = None
    platform: Maybe[str] = None
    language: Maybe[LanguageTag] = None
    statement: Maybe[StatementRef] = None
    extensions: Maybe[Extensions] = None


class Attachment(Part):
    """The description of a file that belongs to the statement."""

    usageType: Iri
    display: LanguageMap
    description: Maybe[LanguageMap] = None
    contentType: MediaType
    length: Length
    sha2: Sha2
    fileUrl: Maybe[Iri] = None

    @model_validator(mode="after")
    def _signature(self) -> Self:
        if self.usageType == SIGNATURE and self.contentType != "application/octet-stream":
            refuse([Rule.SIGNATURE.broken("contentType")])
        return self


def _kind(value: Any) -> str:
    kind = value.get("objectType") if isinstance(value, dict) else getattr(value, "objectType", "")
    return _TAGS.get(kind, "|Activity") if isinstance(kind, str) else "|Activity"


_TAGS = {kind: f"|{kind}" for kind in ("Agent", "Group", "StatementRef", "SubStatement")}

_Simple = (
    Annotated[Activity, Tag("|Activity")]
    | Annotated[Agent, Tag("|Agent")]
    | Annotated[Group, Tag("|Group")]
    | Annotated[StatementRef, Tag("|StatementRef")]
)


class _Event(Part):
    """What statements and SubStatements have in common."""

    actor: Actor
    verb: Verb
    result: Maybe[Result] = None
    context: Maybe[Context] = None
    timestamp: Maybe[Timestamp] = None
    attachments: Maybe[list[Attachment]] = None


class SubStatement(_Event):
    """A statement within a statement: one that is planned, hoped for, …"""

    objectType: Literal["SubStatement"]
    object: Annotated[_Simple, Discriminator(_kind)]

    @model_validator(mode="after")
    def _together(self) -> Self:
        refuse(_broken_together(self))
        return self


class Statement(_Event):
    """A whole statement of xAPI 1.0.x or 2.0.x.

    Its `version` is the store's to set, so most statements that come from elsewhere have
    none. They go by 1.0.3, unless they have what only 2.0 has: contextAgents, contextGroups.
    """

    id: Maybe[Uuid] = None
    object: Annotated[_Simple | Annotated[SubStatement, Tag("|SubStatement")], Discriminator(_kind)]
    stored: Maybe[Timestamp] = None
    authority: Maybe[Actor] = None
    version: Maybe[Version] = None

    @model_validator(mode="after")
    def _together(self) -> Self:
        refuse(self._broken())
        return self

    def _broken(self) -> Iterator[InitErrorDetails]:
        yield from _broken_together(self)
        authority = self.authority
        if isinstance(authority, Group) and (
            authority.identifiers or len(authority.member or ()) != 2
        ):
            yield Rule.AUTHORITY.broken("authority")
        yield from _broken_of_version(self)


def _broken_together(event: Statement | SubStatement) -> Iterator[InitErrorDetails]:
    """Rules about two properties of a statement at once."""
    if event.verb.id == VOIDED and not isinstance(event.object, StatementRef):
        yield Rule.VOIDING.broken("object")
    context = event.context
    if context is not None and not isinstance(event.object, Activity):
        for name in ("revision", "platform"):
            if getattr(context, name) is not None:
                yield Rule.ACTIVITY_ONLY.broken("context", name)


def _broken_of_version(statement: Statement) -> Iterator[InitErrorDetails]:
    """What only 2.0 has is in no statement of 1.0.x, and what 2.0 asks for is in its own."""
    sub = statement.object if isinstance(statement.object, SubStatement) else None
    found = [*_only_in_2_0(statement.context)]
    if sub:
        found += [("object", *at) for at in _only_in_2_0(sub.context)]
    version = statement.version
    if version and version.startswith("1"):
        yield from (Rule.ONLY_IN_2_0.broken(*at) for at in found)
    elif found or version:
        times: dict[tuple[str, ...], str | None] = {
            ("timestamp",): statement.timestamp,
            ("stored",): statement.stored,
        }
        if sub:
            times["object", "timestamp"] = sub.timestamp
        for at, time in times.items():
            if time is not None and not _is_rfc_3339(time):
                yield Rule.TIMESTAMP_RFC_3339.broken(*at)


def _only_in_2_0(context: Context | None) -> Iterator[tuple[str, ...]]:
    for name in ("contextAgents", "contextGroups"):
        if getattr(context, name, None) is not None:
            yield "context", name
