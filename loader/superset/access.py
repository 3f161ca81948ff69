"""Bring roles, rules on rows and the roles of dashboards to a server, and read them back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from loader.access import Access
from loader.errors import LoaderError
from loader.superset.bundle import Bundle
from loader.superset.identity import OURS
from loader.superset.roles import (
    EMBEDDED,
    PREFIX,
    Rule,
    dashboard_roles,
    embedded_dashboards,
    readable,
    relation,
    rules,
)
from loader.superset.server import Superset

# What people may do with whatever data they see; alone it shows nothing.
BASE_ROLE = "Gamma"
# What a guest may do: see an embedded dashboard. Its data comes with it, and no dataset by itself.
GUEST_PERMISSIONS = {
    ("can_read", "Chart"),
    ("can_read", "CssTemplate"),
    ("can_read", "CurrentUserRestApi"),
    ("can_read", "Dashboard"),
    ("can_read", "DashboardFilterStateRestApi"),
    ("can_write", "DashboardFilterStateRestApi"),
    ("can_read", "EmbeddedDashboard"),
    ("can_read", "Theme"),
    ("can_time_range", "Api"),
}
_DATASET = re.compile(r"\(id:(?P<id>\d+)\)$")


def access_differences(access: Access, bundle: Bundle, server: Superset) -> list[str]:
    """What `apply_access` would change, in words."""
    return _Access(access, bundle, server, is_dry=True).bring()


def apply_access(access: Access, bundle: Bundle, server: Superset) -> list[str]:
    """Bring who sees what to the server; what was changed, in words.

    Roles and rules whose names begin with `warehouse_` are ours, and go when nothing says so any
    longer. Raises LoaderError when the server keeps something else than was sent.
    """
    done = _Access(access, bundle, server, is_dry=False).bring()
    left = access_differences(access, bundle, server) if done else []
    if left:
        raise LoaderError(f"Superset has not kept what it was told: {left[0]}.")
    return done


class _Access:
    def __init__(self, access: Access, bundle: Bundle, server: Superset, is_dry: bool) -> None:
        self._access = access
        self._bundle = bundle
        self._server = server
        self._is_dry = is_dry
        self._role_names = list(readable(access, bundle))
        if access.embedded:
            self._role_names.append(EMBEDDED)
        uuids = {one["uuid"]: relation(one) for _path, one in bundle.of("datasets")}
        self._datasets: dict[str, int] = {
            uuids[row["uuid"]]: row["id"]
            for row in server.list("dataset", ("id", "uuid"))
            if row["uuid"] in uuids
        }
        self._roles: dict[str, int] = {
            row["name"]: row["id"] for row in server.list("security/roles", ("id", "name"))
        }

    def bring(self) -> list[str]:
        if BASE_ROLE not in self._roles:
            raise LoaderError(f"Superset has no role {BASE_ROLE}: run `superset init` first.")
        # Rules come before permissions: at no moment does a role see rows it should not.
        return [
            *self._bring_roles(),
            *self._bring_rules(),
            *self._bring_permissions(),
            *self._bring_dashboards(),
            *self._bring_embedding(),
            *self._remove_roles(),
        ]

    def _bring_roles(self) -> Iterable[str]:
        for name in self._role_names:
            if name not in self._roles:
                yield f"role {name}: missing"
                if not self._is_dry:
                    self._roles[name] = self._server.post("security/roles/", {"name": name})["id"]

    def _bring_permissions(self) -> Iterable[str]:
        base = self._permissions(self._roles[BASE_ROLE])
        known = self._known_permissions()
        may_read = {
            int(found["id"]): number
            for (permission, place), number in known.items()
            if permission == "datasource_access" and (found := _DATASET.search(place))
        }
        allowed = {EMBEDDED: {known[one] for one in GUEST_PERMISSIONS if one in known}}
        for name, relations in readable(self._access, self._bundle).items():
            there = (self._datasets[one] for one in relations if one in self._datasets)
            allowed[name] = base | {may_read[one] for one in there}
        for name in self._role_names:
            wanted = allowed[name]
            if name in self._roles and self._permissions(self._roles[name]) != wanted:
                yield f"role {name}: other permissions"
                if not self._is_dry:
                    body = {"permission_view_menu_ids": sorted(wanted)}
                    self._server.post(f"security/roles/{self._roles[name]}/permissions", body)

    def _permissions(self, role: int) -> set[int]:
        rows = self._server.get(f"security/roles/{role}/permissions/")["result"]
        return {row["id"] for row in rows}

    def _known_permissions(self) -> dict[tuple[str, str], int]:
        """All permissions that there are: what may be done, and on what."""
        columns = ("id", "permission.name", "view_menu.name")
        return {
            (row["permission"]["name"], row["view_menu"]["name"]): row["id"]
            for row in self._server.list("security/permissions-resources", columns)
        }

    def _bring_rules(self) -> Iterable[str]:
        there = {
            row["name"]: row["id"]
            for row in self._server.list("rowlevelsecurity", ("id", "name"))
            if row["name"].startswith(PREFIX)
        }
        wanted = {rule.name: rule for rule in rules(self._access, self._bundle)}
        for name, rule in wanted.items():
            if name not in there:
                yield f"rule {name}: missing"
                if not self._is_dry:
                    self._server.post("rowlevelsecurity/", self._body(rule))
            elif not self._is_as(rule, there[name]):
                yield f"rule {name}: changed"
                if not self._is_dry:
                    # The whole body: a field that is left out is emptied, without an error.
                    self._server.put(f"rowlevelsecurity/{there[name]}", self._body(rule))
        for name in sorted(there.keys() - wanted.keys()):
            yield f"rule {name}: left over"
            if not self._is_dry:
                self._server.delete(f"rowlevelsecurity/{there[name]}")

    def _body(self, rule: Rule) -> dict[str, Any]:
        return {
            "name": rule.name,
            "description": rule.description,
            "filter_type": "Base" if rule.is_base else "Regular",
            "tables": [self._datasets[one] for one in rule.relations],
            "roles": [self._roles[one] for one in rule.roles],
            "group_key": rule.group,
            "clause": rule.clause,
        }

    def _is_as(self, rule: Rule, number: int) -> bool:
        found = self._server.get(f"rowlevelsecurity/{number}")["result"]
        return (
            found["clause"] == rule.clause
            and found["filter_type"] == ("Base" if rule.is_base else "Regular")
            and found["group_key"] == rule.group
            and {one["name"] for one in found["roles"]} == set(rule.roles)
            and {f"{one['schema']}.{one['table_name']}" for one in found["tables"]}
            == set(rule.relations)
        )

    def _bring_dashboards(self) -> Iterable[str]:
        columns = ("id", "uuid", "dashboard_title", "roles.name")
        there = {row["uuid"]: row for row in self._server.list("dashboard", columns)}
        for uuid, roles in dashboard_roles(self._access, self._bundle).items():
            row = there.get(uuid)
            if row is None:
                continue
            # Nobody but administrators, where no role may read all of it.
            wanted = set(roles) or {"Admin"}
            if {one["name"] for one in row["roles"]} != wanted:
                yield f"dashboard {row['dashboard_title']}: for {', '.join(sorted(wanted))}"
                if not self._is_dry:
                    body = {"roles": [self._roles[one] for one in sorted(wanted)]}
                    self._server.put(f"dashboard/{row['id']}", body)

    def _bring_embedding(self) -> Iterable[str]:
        wanted = set(embedded_dashboards(self._access, self._bundle).values())
        for row in self._server.list("dashboard", ("id", "uuid", "slug")):
            if not str(row["uuid"]).startswith(OURS):
                continue
            is_wanted = row["uuid"] in wanted
            is_there = self._server.embedded_id(row["id"]) is not None
            if is_wanted and not is_there:
                yield f"dashboard {row['slug']}: not embedded"
                if not self._is_dry:
                    # Which pages may show it, Superset's headers say, for all dashboards.
                    self._server.post(f"dashboard/{row['id']}/embedded", {"allowed_domains": []})
            elif is_there and not is_wanted:
                yield f"dashboard {row['slug']}: embedded"
                if not self._is_dry:
                    self._server.delete(f"dashboard/{row['id']}/embedded")

    def _remove_roles(self) -> Iterable[str]:
        for name, number in self._roles.items():
            if name.startswith(PREFIX) and name not in self._role_names:
                yield f"role {name}: left over"
                if not self._is_dry:
                    self._server.delete(f"security/roles/{number}")
