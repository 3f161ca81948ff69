"""Bring roles, rules on rows and the roles of dashboards to a server, and read them back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from loader.access import Access
from loader.errors import LoaderError
from loader.superset.bundle import Bundle
from loader.superset.roles import PREFIX, Rule, dashboard_roles, readable, relation, rules
from loader.superset.server import Superset

# What people may do with whatever data they see; alone it shows nothing.
BASE_ROLE = "Gamma"
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
            *self._remove_roles(),
        ]

    def _bring_roles(self) -> Iterable[str]:
        for name in readable(self._access, self._bundle):
            if name not in self._roles:
                yield f"role {name}: missing"
                if not self._is_dry:
                    self._roles[name] = self._server.post("security/roles/", {"name": name})["id"]

    def _bring_permissions(self) -> Iterable[str]:
        base = self._permissions(self._roles[BASE_ROLE])
        may_read = self._may_read_dataset()
        for name, relations in readable(self._access, self._bundle).items():
            if name not in self._roles:
                continue
            there = (self._datasets[one] for one in relations if one in self._datasets)
            wanted = base | {may_read[one] for one in there}
            if self._permissions(self._roles[name]) != wanted:
                yield f"role {name}: other permissions"
                if not self._is_dry:
                    body = {"permission_view_menu_ids": sorted(wanted)}
                    self._server.post(f"security/roles/{self._roles[name]}/permissions", body)

    def _permissions(self, role: int) -> set[int]:
        rows = self._server.get(f"security/roles/{role}/permissions/")["result"]
        return {row["id"] for row in rows}

    def _may_read_dataset(self) -> dict[int, int]:
        """The permission to read each dataset, by the dataset's id."""
        found = {}
        columns = ("id", "permission.name", "view_menu.name")
        for row in self._server.list("security/permissions-resources", columns):
            name = _DATASET.search(row["view_menu"]["name"])
            if row["permission"]["name"] == "datasource_access" and name:
                found[int(name["id"])] = row["id"]
        return found

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

    def _remove_roles(self) -> Iterable[str]:
        wanted = readable(self._access, self._bundle)
        for name, number in self._roles.items():
            if name.startswith(PREFIX) and name not in wanted:
                yield f"role {name}: left over"
                if not self._is_dry:
                    self._server.delete(f"security/roles/{number}")
