"""Who did it: agents and groups (xAPI 1.0.3 part 2, 2.4.2; IEEE 9274.1.1, 4.2.2.1)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag, model_validator
from typing_extensions import Self

from loader.xapi.rules import Rule, refuse
from loader.xapi.types import Iri, Maybe, Mbox, Part, Sha1

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")


class Account(Part):
    """A user account on an existing system."""

    homePage: Iri
    name: str


class Agent(Part):
    """A person or a system, with exactly one identifier."""

    objectType: Maybe[Literal["Agent"]] = None
    name: Maybe[str] = None
    mbox: Maybe[Mbox] = None
    mbox_sha1sum: Maybe[Sha1] = None
    openid: Maybe[Iri] = None
    account: Maybe[Account] = None

    @model_validator(mode="after")
    def _one_identifier(self) -> Self:
        number = _identifiers(self)
        if number != 1:
            refuse([(Rule.SEVERAL_IDENTIFIERS if number else Rule.NO_IDENTIFIER).broken()])
        return self


class Group(Part):
    """Several agents: with one identifier, or with members and none."""

    objectType: Literal["Group"]
    name: Maybe[str] = None
    member: Maybe[list[Agent]] = None
    mbox: Maybe[Mbox] = None
    mbox_sha1sum: Maybe[Sha1] = None
    openid: Maybe[Iri] = None
    account: Maybe[Account] = None

    @property
    def identifiers(self) -> int:
        """How many it has."""
        return _identifiers(self)

    @model_validator(mode="after")
    def _one_identifier_or_members(self) -> Self:
        number = _identifiers(self)
        if number > 1:
            refuse([Rule.SEVERAL_IDENTIFIERS.broken()])
        if not number and not self.member:
            refuse([Rule.GROUP_WITHOUT_MEMBERS.broken()])
        return self


def _identifiers(actor: Agent | Group) -> int:
    return (
        (actor.mbox is not None)
        + (actor.mbox_sha1sum is not None)
        + (actor.openid is not None)
        + (actor.account is not None)
    )


def _kind(actor: Any) -> str:
    kind = actor.get("objectType") if isinstance(actor, dict) else getattr(actor, "objectType", "")
    return "|Group" if kind == "Group" else "|Agent"


Actor = Annotated[
    Annotated[Agent, Tag("|Agent")] | Annotated[Group, Tag("|Group")], Discriminator(_kind)
]
