"""The plan as SQL, for servers that keep users and roles themselves.

Each statement can run twice, and replaces what was there: there is no moment in which a role
has more than it shall have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loader.access.limits import HOUR_SECONDS, settings_of
from loader.access.names import PREFIX, VIEWS_USER
from loader.access.passwords import NOBODYS_HASH
from loader.access.plan import Grant, Plan, Policy, Role
from loader.engine import quoted


def statements(plan: Plan, hashes: Mapping[str, str] | None, cluster: str = "") -> list[str]:
    """What brings a server to the plan, in its order: first who is limited, then what they get.

    `hashes` are those of the users' passwords; None leaves users out. `cluster` is the name of
    the cluster on which it shall happen.
    """
    on = f" ON CLUSTER {_name(cluster)}" if cluster else ""
    return [
        *(f"CREATE ROLE IF NOT EXISTS {_name(role.name)}{on}" for role in plan.roles),
        f"CREATE USER IF NOT EXISTS {_name(VIEWS_USER)}{on} "
        f"IDENTIFIED WITH sha256_hash BY {quoted(NOBODYS_HASH)} HOST NONE",
        *(one for role in plan.roles for one in _limits(role, on)),
        *(_policy(policy, on) for policy in plan.policies),
        *(_grants(role.name, role.grants, on) for role in plan.roles),
        _grants(VIEWS_USER, plan.views_grants, on),
        *(_users(plan, hashes, on) if hashes is not None else []),
    ]


def _limits(role: Role, on: str) -> Iterator[str]:
    if not role.limits:
        return
    settings = ", ".join(
        f"{key} = {quoted(value) if isinstance(value, str) else value}"
        for key, value in settings_of(role.limits).items()
    )
    yield (
        f"CREATE SETTINGS PROFILE OR REPLACE {_name(role.name)}{on} "
        f"SETTINGS {settings} TO {_name(role.name)}"
    )
    queries = role.limits.queries_per_hour
    if queries:
        yield (
            f"CREATE QUOTA OR REPLACE {_name(role.name)}{on} KEYED BY user_name "
            f"FOR INTERVAL {HOUR_SECONDS // 3600} hour MAX queries = {queries} "
            f"TO {_name(role.name)}"
        )


def _policy(policy: Policy, on: str) -> str:
    names = ", ".join(map(_name, policy.to)) or "NONE"
    return (
        f"CREATE ROW POLICY OR REPLACE {_name(policy.name)}{on} ON {_relation(policy.relation)} "
        f"USING {policy.condition} AS permissive "
        f"TO {'ALL EXCEPT ' if policy.except_ else ''}{names}"
    )


def _grants(name: str, grants: tuple[Grant, ...], on: str) -> str:
    return f"GRANT{on} {', '.join(map(grant_text, grants))} TO {_name(name)} WITH REPLACE OPTION"


def grant_text(grant: Grant) -> str:
    """`SELECT ON reporting.dim_courses`, as it stands in a GRANT."""
    return f"{', '.join(grant.privileges)} ON {grant.place}"


def _users(plan: Plan, hashes: Mapping[str, str], on: str) -> Iterator[str]:
    for user, roles in plan.users.items():
        identified = f"IDENTIFIED WITH sha256_hash BY {quoted(hashes[user])}"
        yield f"CREATE USER IF NOT EXISTS {_name(user)}{on} {identified}"
        yield f"ALTER USER {_name(user)}{on} {identified}"
        if roles:
            yield f"GRANT{on} {', '.join(map(_name, roles))} TO {_name(user)} WITH REPLACE OPTION"
        else:
            yield f"REVOKE{on} ALL FROM {_name(user)}"


def removals(plan: Plan, found: Mapping[str, set[tuple[str, str]]], cluster: str = "") -> list[str]:
    """What drops all of ours that is found and not in the plan, and nothing of others.

    `found` has, by kind (ROLE, USER, ROW POLICY, SETTINGS PROFILE, QUOTA), names with the
    relation that they are on, '' for none.
    """
    on = f" ON CLUSTER {_name(cluster)}" if cluster else ""
    wanted = wanted_names(plan)
    return [
        f"DROP {kind} IF EXISTS {_name(name)}{f' ON {_relation(place)}' if place else ''}{on}"
        for kind, names in found.items()
        for name, place in sorted(names - wanted[kind])
        if name.startswith(PREFIX)
    ]


def wanted_names(plan: Plan) -> dict[str, set[tuple[str, str]]]:
    """The names of the plan, as `removals` takes them."""
    limited = [role for role in plan.roles if role.limits]
    return {
        "ROW POLICY": {(policy.name, policy.relation) for policy in plan.policies},
        "USER": {(name, "") for name in (VIEWS_USER, *plan.users)},
        "ROLE": {(role.name, "") for role in plan.roles},
        "QUOTA": {
            (role.name, "") for role in limited if role.limits and role.limits.queries_per_hour
        },
        "SETTINGS PROFILE": {(role.name, "") for role in limited},
    }


def _name(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def _relation(relation: str) -> str:
    database, _, table = relation.partition(".")
    return f"{_name(database)}.{_name(table)}"
