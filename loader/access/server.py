"""What a server has of the plan, and where it is not as the plan has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loader.access.limits import settings_of
from loader.access.names import PREFIX, VIEWS_USER
from loader.access.plan import Grant, Plan, Policy, Role
from loader.access.users_xml import filters
from loader.engine import engine_errors, quoted

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Found = dict[str, set[tuple[str, str]]]
"""Names, with what they are on, by kind."""

XML_STORAGE = "users_xml"

_OURS = {
    "ROW POLICY": ("row_policies", "short_name", "concat(database, '.', table)"),
    "USER": ("users", "name", "''"),
    "ROLE": ("roles", "name", "''"),
    "QUOTA": ("quotas", "name", "''"),
    "SETTINGS PROFILE": ("settings_profiles", "name", "''"),
}


@dataclass(frozen=True)
class FoundPolicy:
    """A row policy of the server: whom it is about is `to`, or all others with `except_`."""

    name: str
    relation: str
    condition: str
    to: tuple[str, ...]
    except_: bool
    is_xml: bool


def found_on(client: Client) -> Found:
    """All that has a name of ours and that SQL can change, so not what is in users.xml."""
    with engine_errors():
        return {
            kind: {
                (str(name), str(place))
                for name, place in client.query(
                    f"SELECT {name}, {place} FROM system.{table} "
                    f"WHERE startsWith({name}, {quoted(PREFIX)}) "
                    f"AND storage != {quoted(XML_STORAGE)}"
                ).result_rows
            }
            for kind, (table, name, place) in _OURS.items()
        }


def differences(client: Client, plan: Plan) -> list[str]:
    """Where the server is not as the plan has it, each as a sentence; none if it is."""
    with engine_errors():
        rows: Any = client.query("SELECT name, storage FROM system.roles").result_rows
        storages: dict[str, str] = dict(rows)
        missing = [role.name for role in plan.roles if role.name not in storages]
        if missing:
            return [f"The server has no role {', '.join(missing)}."]
        is_xml = storages[plan.roles[0].name] == XML_STORAGE
        return [
            *(one for role in plan.roles for one in _of_role(client, role)),
            *_of_grants(client, VIEWS_USER, plan.views_grants, "user_name"),
            *_of_users(client, plan),
            *compare_policies(plan, _policies(client), is_xml, lambda one: _formatted(client, one)),
            *_of_views(client, plan),
        ]


def _of_role(client: Client, role: Role) -> Iterator[str]:
    yield from _of_grants(client, role.name, role.grants, "role_name")
    if not role.limits:
        return
    rows: Any = client.query(
        "SELECT setting_name, value FROM system.settings_profile_elements "
        f"WHERE profile_name = {quoted(role.name)}"
    ).result_rows
    found: dict[str, str] = dict(rows)
    for setting, value in settings_of(role.limits).items():
        if found.get(setting) != str(value):
            yield f"{role.name}: {setting} is {found.get(setting, 'not set')}, not {value}."


def _of_grants(client: Client, name: str, grants: Iterable[Grant], column: str) -> Iterator[str]:
    wanted = {
        (privilege, _scope(grant.place)) for grant in grants for privilege in grant.privileges
    }
    rows = client.query(
        "SELECT access_type, database, table, access_object FROM system.grants "
        f"WHERE {column} = {quoted(name)}"
    ).result_rows
    found = {
        (str(privilege), _scope(thing or f"{database or '*'}.{table or '*'}"))
        for privilege, database, table, thing in rows
    }
    # The server forgets what it need not remember, as SELECT on a table of a database with SELECT.
    needed = {
        (privilege, place)
        for privilege, place in wanted
        if not any(privilege == one and _is_within(place, other) for one, other in wanted)
    }
    for privilege, place in sorted(needed - found):
        yield f"{name} lacks {privilege} on {place or 'everything'}."
    for privilege, place in sorted(found - wanted):
        yield f"{name} has {privilege} on {place or 'everything'}, which is not in access.yml."


def _scope(place: str) -> str:
    """`database.beginning`, as system.grants has it for `database.beginning*`; '' for all."""
    return ".".join(part for part in place.replace("*", "").split(".") if part)


def _is_within(place: str, other: str) -> bool:
    """Whether what is granted on the other place is granted on this one, too."""
    return place != other and (not other or place.startswith(f"{other}."))


def _of_users(client: Client, plan: Plan) -> Iterator[str]:
    found: dict[str, set[str]] = {}
    for user, role in client.query(
        "SELECT user_name, granted_role_name FROM system.role_grants WHERE user_name IS NOT NULL"
    ).result_rows:
        found.setdefault(str(user), set()).add(str(role))
    for user, roles in plan.users.items():
        has = found.get(user, set())
        if set(roles) - has:
            yield f"User {user} is not there, or lacks {', '.join(sorted(set(roles) - has))}."
        if has - set(roles):
            more = ", ".join(sorted(has - set(roles)))
            yield f"User {user} has {more}, which access.yml does not give."


def _policies(client: Client) -> list[FoundPolicy]:
    rows = client.query(
        "SELECT short_name, concat(database, '.', table), ifNull(select_filter, ''), apply_to_all, "
        "apply_to_list, apply_to_except, storage FROM system.row_policies WHERE NOT is_restrictive"
    ).result_rows
    return [
        FoundPolicy(
            name,
            relation,
            condition,
            tuple(except_ if is_for_all else to),
            bool(is_for_all),
            storage == XML_STORAGE,
        )
        for name, relation, condition, is_for_all, to, except_, storage in rows
    ]


def compare_policies(
    plan: Plan, found: list[FoundPolicy], is_xml: bool, formatted: Callable[[str], str]
) -> list[str]:
    """Policies that are missing or other than planned, and others' that open our relations.

    `formatted` writes a condition as the server does.
    """
    wanted = set(_as_users_xml(plan) if is_xml else plan.policies)
    there = {(one.name, one.relation): one for one in found if one.is_xml == is_xml}
    told = []
    for policy in sorted(wanted, key=lambda one: (one.relation, one.name)):
        of_server = there.get((policy.name, policy.relation))
        if not of_server:
            told.append(f"{policy.relation} has no row policy {policy.name}.")
        elif (set(of_server.to), of_server.except_) != (set(policy.to), policy.except_):
            told.append(f"{policy.relation}: row policy {policy.name} is for others than planned.")
        elif formatted(of_server.condition) != formatted(policy.condition):
            told.append(f"{policy.relation}: row policy {policy.name} has another condition.")
    names = {(one.name, one.relation) for one in wanted}
    limited = {one.relation for one in plan.policies}
    ours = {VIEWS_USER, *(role.name for role in plan.roles)}
    for one in found:
        is_about_us = one.except_ or bool(set(one.to) & ours)
        if one.relation in limited and is_about_us and (one.name, one.relation) not in names:
            told.append(f"{one.relation}: row policy {one.name} is not ours, and opens rows.")
    return told


def _as_users_xml(plan: Plan) -> Iterator[Policy]:
    """The policies that a server makes of the filters in users.xml: each is one user's."""
    for user, roles in {VIEWS_USER: (), **plan.users}.items():
        for relation, condition in filters(plan, [user, *roles]).items():
            yield Policy(user, relation, condition, (user,))


def _formatted(client: Client, condition: str) -> str:
    query = "SELECT formatQuerySingleLine({query:String})"
    return str(client.command(query, parameters={"query": f"SELECT {condition}"}))


def _of_views(client: Client, plan: Plan) -> Iterator[str]:
    """Published views that do not read in the name of `VIEWS_USER` are refused, or open all."""
    given = {grant.place for role in plan.roles if role.limits for grant in role.grants}
    rows = client.query(
        "SELECT concat(database, '.', name), engine, position(create_table_query, "
        f"{quoted(f'DEFINER = {VIEWS_USER} SQL SECURITY DEFINER')}) > 0 FROM system.tables "
        "WHERE startsWith(database, 'reporting') ORDER BY ALL"
    ).result_rows
    for relation, engine, reads_as_us in rows:
        if relation not in given:
            continue
        if engine != "View":
            yield f"{relation} is no view: run `dbt run` of this version."
        elif not reads_as_us:
            yield (
                f"{relation} does not read as {VIEWS_USER}: set WAREHOUSE_VIEWS_USER={VIEWS_USER} "
                "where dbt runs, and run it again."
            )
