"""What was done, and to what (xAPI 1.0.3 part 2, 2.4.3 and 2.4.4.1; IEEE 9274.1.1, 4.2.2.2-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import model_validator
from pydantic_core import InitErrorDetails
from typing_extensions import Self

from loader.xapi.rules import Rule, refuse
from loader.xapi.types import Extensions, Iri, LanguageMap, Maybe, Part

InteractionType = Literal[
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
]

# The lists of components that a type of interaction has (2.4.4.1, "Interaction Components").
COMPONENT_LISTS = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
}
ALL_LISTS = ("choices", "scale", "source", "target", "steps")


class Verb(Part):
    """What was done."""

    id: Iri
    display: Maybe[LanguageMap] = None


class InteractionComponent(Part):
    """One of the things to choose from, to order, to match, …"""

    id: str
    description: Maybe[LanguageMap] = None


class ActivityDefinition(Part):
    """What an activity is; of an interaction also how it is answered."""

    name: Maybe[LanguageMap] = None
    description: Maybe[LanguageMap] = None
    type: Maybe[Iri] = None
    moreInfo: Maybe[Iri] = None
    extensions: Maybe[Extensions] = None
    interactionType: Maybe[InteractionType] = None
    correctResponsesPattern: Maybe[list[str]] = None
    choices: Maybe[list[InteractionComponent]] = None
    scale: Maybe[list[InteractionComponent]] = None
    source: Maybe[list[InteractionComponent]] = None
    target: Maybe[list[InteractionComponent]] = None
    steps: Maybe[list[InteractionComponent]] = None

    @model_validator(mode="after")
    def _interaction(self) -> Self:
        if not self.model_fields_set.isdisjoint(_OF_INTERACTIONS):
            refuse(self._broken_of_interaction())
        return self

    def _broken_of_interaction(self) -> Iterator[InitErrorDetails]:
        kind = self.interactionType
        if kind is None:
            yield Rule.INTERACTION_TYPE.broken()
        allowed = ALL_LISTS if kind is None else COMPONENT_LISTS.get(kind, ())
        for name in ALL_LISTS:
            components = getattr(self, name)
            if components is None:
                continue
            if name not in allowed:
                yield Rule.COMPONENT_LIST.broken(name)
            if len({one.id for one in components}) < len(components):
                yield Rule.COMPONENT_IDS.broken(name)


_OF_INTERACTIONS = frozenset(("correctResponsesPattern", *ALL_LISTS))


class Activity(Part):
    """Something that can be acted on, known by its id."""

    objectType: Maybe[Literal["Activity"]] = None
    id: Iri
    definition: Maybe[ActivityDefinition] = None
