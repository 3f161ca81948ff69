"""What ClickHouse shall have, made of access.yml and of what dbt publishes.

It is one plan, which `sql` and `users_xml` only write down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from loader.access.file import Access, Limits, Rows
from loader.access.names import PREFIX, VIEWS_USER, role_name
from loader.access.published import Model, bases, kept_statements
from loader.access.rows import (
    ACCOUNTS_VIEW,
    EVERYTHING,
    GRANTS_VIEW,
    large_enough,
    rows_through_views,
)
from loader.schema.access import COURSE_GRANTS, GRANT_LOADS
from loader.schema.tables import ACCESS, DATABASES, SINK

_GRANTS = f"{ACCESS}.{COURSE_GRANTS.name}"
_GRANT_RELATIONS = (_GRANTS, f"{ACCESS}.{GRANT_LOADS.name}", GRANTS_VIEW)


@dataclass(frozen=True, order=True)
class Grant:
    """Privileges on a place: `database.table`, `database.*`, `*`, or a user."""

    place: str
    privileges: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Which rows of a relation those in `to` see: roles and users, or with `except_` all others.

    Who is in several sees what any of them allows.
    """

    name: str
    relation: str
    condition: str
    to: tuple[str, ...]
    except_: bool = False

    def is_for(self, names: Iterable[str]) -> bool:
        """Whether it is about a user of these names: its own, and those of its roles."""
        return any(name in self.to for name in names) != self.except_


@dataclass(frozen=True)
class Role:
    """A role, with the limits of those who read."""

    name: str
    grants: tuple[Grant, ...]
    limits: Limits | None = None


@dataclass(frozen=True)
class Plan:
    """All of it. `users` have the names of their roles, the widest first."""

    roles: tuple[Role, ...]
    views_grants: tuple[Grant, ...]
    policies: tuple[Policy, ...]
    users: dict[str, tuple[str, ...]] = field(default_factory=dict)


def make_plan(access: Access, models: list[Model]) -> Plan:
    """What ClickHouse shall have. Relations that access.yml does not have are given to nobody."""
    return Plan(
        roles=(*_readers(access, models), *_services(access)),
        views_grants=tuple(_views_grants(models)),
        policies=tuple(_policies(access, models)),
        users={user: tuple(map(role_name, roles)) for user, roles in access.users.items()},
    )


def _readers(access: Access, models: list[Model]) -> Iterator[Role]:
    published = [model.relation for model in models if model.is_published]
    for name, role in access.roles.items():
        readable = [relation for relation in published if access.may_read(name, relation)]
        if _may_read_grants(access, name):
            readable += _GRANT_RELATIONS
        grants = tuple(Grant(relation, ("SELECT",)) for relation in readable)
        yield Role(role_name(name), grants, role.limits)


def _may_read_grants(access: Access, role: str) -> bool:
    """Those who see everybody may see who sees what."""
    return access.roles[role].rows is Rows.ALL and access.roles[role].personal_data


def _services(access: Access) -> Iterator[Role]:
    for name, service in access.services.items():
        grants = [Grant(place, privileges) for place, privileges in service.grants.items()]
        if service.makes_views:
            grants += [Grant("*", ("TABLE ENGINE",)), Grant(VIEWS_USER, ("SET DEFINER",))]
        yield Role(role_name(name), tuple(grants))


def _views_grants(models: list[Model]) -> Iterator[Grant]:
    """What lies beneath the published views, and what the policies on it ask."""
    read = {relation for model in models if model.is_published for relation in bases(model, models)}
    # What macros read without dbt's knowing; who is who, and who has which role.
    read |= {kept_statements().relation, "xapi.model_progress", "system.role_grants"}
    read |= {"xapi.int_learner_days", ACCOUNTS_VIEW, f"{SINK}.external_id", f"{SINK}.user_profile"}
    for relation in sorted(read | set(_GRANT_RELATIONS)):
        yield Grant(relation, ("SELECT",))
    yield Grant("*.*", ("SHOW USERS", "SHOW ROLES"))
    # Without it, system.parts tells of no table, and the warehouse would have no size.
    for database in DATABASES:
        yield Grant(f"{database}.*", ("SHOW TABLES",))


def _policies(access: Access, models: list[Model]) -> Iterator[Policy]:
    for model in (*models, kept_statements()):
        if model.is_published and access.learner_columns(model.relation):
            yield from _of_summary(access, model)
        elif model.is_stored and (model.has_course or model.has_actor):
            condition = rows_through_views(access, model, _published_over(model, models))
            yield _policy("views", model.relation, condition, [VIEWS_USER])
            yield _policy("others", model.relation, EVERYTHING, [VIEWS_USER], except_=True)


def _published_over(model: Model, models: list[Model]) -> list[str]:
    """The published relations that are made of a stored one."""
    return [
        one.relation for one in models if one.is_published and model.relation in bases(one, models)
    ]


def _of_summary(access: Access, model: Model) -> Iterator[Policy]:
    """Numbers over learners: not those over a few, unless one may know who they are."""
    readers = [name for name in access.roles if access.may_read(name, model.relation)]
    hidden = [role_name(name) for name in readers if access.hides_small_groups(name)]
    shown = [role_name(name) for name in readers if not access.hides_small_groups(name)]
    if not hidden:
        return
    size = large_enough(access.learner_columns(model.relation), access.small_group_size)
    yield _policy("small_groups", model.relation, size, hidden)
    yield _policy("all", model.relation, EVERYTHING, shown)
    yield _policy("others", model.relation, EVERYTHING, hidden, except_=True)


def _policy(
    kind: str, relation: str, condition: str, to: list[str], *, except_: bool = False
) -> Policy:
    return Policy(f"{PREFIX}{kind}", relation, condition, tuple(to), except_)
