"""`access.yml`: who may see what, read and checked."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from typing_extensions import Self

from loader.errors import UsageError

FILE_NAME = "access.yml"

_PACKAGE = Path(__file__).resolve().parents[1]
_SHIPPED = (_PACKAGE / FILE_NAME, _PACKAGE.parent / FILE_NAME)  # installed, or in the repository

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Relation = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.([a-z][a-z0-9_]*\*?|\*)$")]
Place = Annotated[
    str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*\.([a-z_][a-z0-9_]*\*?|\*)|\*\.\*)$")
]
Privilege = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z ]*$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_ -]+$", max_length=64)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]+$", max_length=128)]
Count = Annotated[int, Field(ge=1)]


class Rows(str, Enum):
    """Which rows of a relation a role sees."""

    ALL = "all"
    COURSES = "courses"  # of the courses that access.course_grants gives the user
    OWN = "own"  # of the learner who has the user's name


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Part):
    """A relation (`database.name`), or with `*` at its end all that begin so.

    `learners` are the columns that tell how many learners one of its rows is about. One that is
    `same_for_all` is about no course and no learner: whoever may read it sees all rows.
    """

    name: Relation
    learners: tuple[Name, ...] = ()
    same_for_all: bool = False

    def matches(self, relation: str) -> bool:
        """Whether `database.name` is meant."""
        if self.name.endswith("*"):
            return relation.startswith(self.name[:-1])
        return relation == self.name


def _member(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class Group(_Part):
    """Relations that are given together."""

    description: str
    members: tuple[Annotated[Member, BeforeValidator(_member)], ...] = Field(min_length=1)


class Limits(_Part):
    """What one query may take, and how many there may be."""

    seconds: Count
    memory: ByteSize  # bytes; in the file also as 4GiB
    rows_read: Count
    rows_returned: Count
    concurrent_queries: Count
    queries_per_hour: Count | None = None


class Role(_Part):
    """What whoever has this role sees."""

    description: str
    relations: tuple[Name, ...] = Field(min_length=1)
    rows: Rows
    personal_data: bool = False
    limits: Limits


class Service(_Part):
    """A program of the warehouse, and its privileges in ClickHouse's words, by what they are on.

    One that `makes_views` may make them in the name of the user whom readers read through.
    """

    description: str
    grants: dict[Place, tuple[Privilege, ...]]
    makes_views: bool = False


class Access(_Part):
    """The whole file. Roles, services and groups by their names; `users` with their roles.

    `embedded` are the dashboards that a token opens for one course, without a user.
    """

    small_group_size: Count
    relations: dict[Name, Group]
    roles: dict[Name, Role]
    course_roles: tuple[Word, ...] = Field(min_length=1)
    embedded: tuple[Slug, ...] = ()
    services: dict[Name, Service] = Field(default_factory=dict)
    users: dict[UserName, tuple[Name, ...]] = Field(default_factory=dict)
    server_administrators: tuple[UserName, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for name, role in self.roles.items():
            unknown = set(role.relations) - set(self.relations)
            if unknown:
                raise ValueError(f"role {name}: there is no group {', '.join(sorted(unknown))}")
        both = set(self.roles) & set(self.services)
        if both:
            raise ValueError(f"{', '.join(sorted(both))}: a role and a service have one name")
        for user, roles in self.users.items():
            unknown = set(roles) - set(self.roles) - set(self.services)
            if unknown:
                raise ValueError(f"user {user}: there is no role {', '.join(sorted(unknown))}")
        return self

    def members_of(self, role: str) -> tuple[Member, ...]:
        """What a role may read: names and patterns."""
        groups = (self.relations[name] for name in self.roles[role].relations)
        return tuple(member for group in groups for member in group.members)

    def may_read(self, role: str, relation: str) -> bool:
        """Whether a role may read `database.name` at all."""
        return any(member.matches(relation) for member in self.members_of(role))

    def groups_of(self, relation: str) -> tuple[str, ...]:
        """The groups that `database.name` is in: one, if the file is right."""
        return tuple(
            name
            for name, group in self.relations.items()
            if any(member.matches(relation) for member in group.members)
        )

    def is_same_for_all(self, relation: str) -> bool:
        """Whether `database.name` is about no course and no learner."""
        return any(
            member.same_for_all
            for group in self.relations.values()
            for member in group.members
            if member.matches(relation)
        )

    def learner_columns(self, relation: str) -> tuple[str, ...]:
        """The columns that tell how many learners a row of `database.name` is about."""
        return tuple(
            column
            for group in self.relations.values()
            for member in group.members
            if member.matches(relation)
            for column in member.learners
        )

    def hides_small_groups(self, role: str) -> bool:
        """Whether a role does not see rows about fewer learners than `small_group_size`."""
        return not self.roles[role].personal_data


def read_access(path: Path | None = None) -> Access:
    """What `path` says; without one, access.yml of this folder, else the one that came with us.

    Raises UsageError that says where the file is wrong.
    """
    path = path or access_path()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no YAML: {_one_line(error)}.") from error
    if not isinstance(content, dict):
        raise UsageError(
            f"{path} says nothing of roles and relations: docs/access.md has its form."
        )
    try:
        return Access.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"{path}{f', {place}' if place else ''}: {message}.") from None


def access_path() -> Path:
    """Where access.yml is, if nobody says."""
    here = Path(FILE_NAME)
    return next((path for path in (here, *_SHIPPED) if path.is_file()), here)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
