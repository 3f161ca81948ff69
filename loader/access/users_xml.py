"""The plan as a file for `users.d`, for servers that keep no users themselves.

There, row policies are each user's and not a role's: what a user's roles see is put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from loader.access.limits import HOUR_SECONDS, settings_of
from loader.access.names import VIEWS_USER
from loader.access.passwords import NOBODYS_HASH
from loader.access.plan import Plan, Role
from loader.access.rows import EVERYTHING
from loader.access.sql import grant_text
from loader.errors import UsageError

DEFAULT = "default"
_TAG = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def users_xml(plan: Plan, hashes: Mapping[str, str]) -> str:
    """The file, with the users of the plan; `hashes` are those of their passwords.

    Raises UsageError for a user whose name no such file can have.
    """
    root = Element("clickhouse")
    profiles, quotas = SubElement(root, "profiles"), SubElement(root, "quotas")
    roles, users = SubElement(root, "roles"), SubElement(root, "users")
    for role in plan.roles:
        _grants(SubElement(roles, role.name), map(grant_text, role.grants))
        _limits(role, profiles, quotas)
    views = _user(users, VIEWS_USER, NOBODYS_HASH)
    SubElement(views, "networks")
    _grants(views, map(grant_text, plan.views_grants))
    _filters(views, plan, [VIEWS_USER])
    by_name = {role.name: role for role in plan.roles}
    for name, names in plan.users.items():
        user = _user(users, name, hashes[name])
        SubElement(SubElement(user, "networks"), "ip").text = "::/0"
        _put_limits(user, [by_name[role] for role in names])
        _grants(user, names)
        _filters(user, plan, [name, *names])
    indent(root, "    ")
    return f"{tostring(root, encoding='unicode')}\n"


def _limits(role: Role, profiles: Element, quotas: Element) -> None:
    if not role.limits:
        return
    profile = SubElement(profiles, role.name)
    for key, value in settings_of(role.limits).items():
        SubElement(profile, key).text = str(value)
    if role.limits.queries_per_hour:
        interval = SubElement(SubElement(quotas, role.name), "interval")
        SubElement(interval, "duration").text = str(HOUR_SECONDS)
        SubElement(interval, "queries").text = str(role.limits.queries_per_hour)


def _put_limits(user: Element, roles: list[Role]) -> None:
    """The limits of the first of the user's roles that has some: a user has one profile here."""
    limited = [role for role in roles if role.limits]
    profile = quota = DEFAULT
    if limited and limited[0].limits:
        profile = limited[0].name
        quota = limited[0].name if limited[0].limits.queries_per_hour else DEFAULT
    SubElement(user, "profile").text = profile
    SubElement(user, "quota").text = quota


def _user(users: Element, name: str, password_hash: str) -> Element:
    if not _TAG.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a user in users.xml: letters, digits, - and _ alone. "
            "A server with `loader access apply` takes it."
        )
    user = SubElement(users, name)
    SubElement(user, "password_sha256_hex").text = password_hash
    return user


def _grants(parent: Element, texts: Iterable[str]) -> None:
    grants = SubElement(parent, "grants")
    for text in texts:
        SubElement(grants, "query").text = f"GRANT {text}"


def _filters(user: Element, plan: Plan, names: list[str]) -> None:
    databases = SubElement(user, "databases")
    for relation, condition in filters(plan, names).items():
        database, _, table = relation.partition(".")
        parent = databases.find(database)
        if parent is None:
            parent = SubElement(databases, database)
        SubElement(SubElement(parent, table), "filter").text = condition


def filters(plan: Plan, names: list[str]) -> dict[str, str]:
    """What a user of these names, its own and those of its roles, sees of each relation."""
    found: dict[str, list[str]] = {}
    for policy in plan.policies:
        if policy.is_for(names):
            found.setdefault(policy.relation, []).append(policy.condition)
    return {
        relation: EVERYTHING if EVERYTHING in conditions else _any(conditions)
        for relation, conditions in found.items()
    }


def _any(conditions: list[str]) -> str:
    if len(conditions) == 1:
        return conditions[0]
    return " OR ".join(f"({condition})" for condition in conditions)
