"""The SQL and the users.xml say the same; a server parses the one and runs the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

from loader.access import Access
from loader.access.names import VIEWS_USER, role_name
from loader.access.passwords import password_hashes
from loader.access.plan import Plan, make_plan
from loader.access.published import Model
from loader.access.server import FoundPolicy, compare_policies
from loader.access.sql import removals, statements, wanted_names
from loader.access.users_xml import users_xml
from loader.errors import UsageError
from tests.access.conftest import PEOPLE, Platform

SECRET = "very secret"  # noqa: S105
POLICY = re.compile(
    r"CREATE ROW POLICY OR REPLACE `(\w+)` ON `(\w+)`\.`(\w+)` USING (.*) AS permissive "
    r"TO (ALL EXCEPT )?(.*)"
)


@pytest.fixture(scope="module")
def plan(access: Access, models: list[Model]) -> Plan:
    users = {name: tuple(roles) for name, roles in {**access.users, **PEOPLE}.items()}
    return make_plan(access.model_copy(update={"users": users}), models)


@pytest.fixture(scope="module")
def hashes(plan: Plan) -> dict[str, str]:
    return password_hashes(
        plan.users, {f"ACCESS_PASSWORD_{name.upper()}": SECRET for name in plan.users}
    )


@pytest.fixture(scope="module")
def sql(plan: Plan, hashes: dict[str, str]) -> list[str]:
    return statements(plan, hashes)


@pytest.fixture(scope="module")
def xml(plan: Plan, hashes: dict[str, str]) -> Element:
    return fromstring(users_xml(plan, hashes))  # noqa: S314  # we wrote it


@pytest.mark.parametrize("cluster", ["", "my cluster"])
def test_every_statement_is_sql(
    platform: Platform, plan: Plan, hashes: dict[str, str], cluster: str
) -> None:
    found = {kind: {("warehouse_old", "")} for kind in wanted_names(plan)}
    found["ROW POLICY"] = {("warehouse_old", "reporting.gone")}
    written = [*statements(plan, hashes, cluster), *removals(plan, found, cluster)]
    for statement in written:
        assert platform.refusal("default", f"EXPLAIN AST {statement}") == "", statement
        assert not cluster or "ON CLUSTER `my cluster`" in statement
    assert len(written) > 100
    assert platform.refusal("default", "EXPLAIN AST CREATE ROLE a b") == "SYNTAX_ERROR"


def test_every_condition_is_right_for_its_relation(platform: Platform, plan: Plan) -> None:
    """What is only parsed as part of a statement is evaluated here."""
    for policy in plan.policies:
        if policy.relation == "xapi.kept_statements":
            continue  # there is none without a retention
        query = f"SELECT count() FROM {policy.relation} WHERE {policy.condition}"
        assert platform.refusal("default", query) == "", policy


def test_both_give_the_same_privileges(sql: list[str], xml: Element) -> None:
    granted = {
        name: sorted(re.findall(r"[A-Z][A-Z, ]* ON [^\s,]+", grants))
        for statement in sql
        for grants, name in re.findall(r"^GRANT (.* ON .*) TO `(\w+)` WITH REPLACE", statement)
    }
    holders = [*_children(xml, "roles"), *xml.findall(f"users/{VIEWS_USER}")]
    of_xml = {
        holder.tag: sorted(query.removeprefix("GRANT ") for query in _queries(holder))
        for holder in holders
    }
    assert of_xml == granted
    assert len(granted) == 12


def test_both_give_the_same_roles(sql: list[str], xml: Element, plan: Plan) -> None:
    granted: dict[str, list[str]] = {name: [] for name in plan.users}
    for statement in sql:
        for roles, name in re.findall(r"^GRANT (`.*`) TO `(\w+)` WITH REPLACE OPTION$", statement):
            granted[name] = re.findall(r"\w+", roles)
    assert granted == {
        user.tag: [query.removeprefix("GRANT ") for query in _queries(user)]
        for user in _children(xml, "users")
        if user.tag != VIEWS_USER
    }


def test_both_show_the_same_rows(sql: list[str], xml: Element, plan: Plan) -> None:
    """For each user and relation: all, or what any of the conditions allows."""
    policies = [found for one in sql for found in POLICY.findall(one)]
    assert len(policies) == len(plan.policies)
    for user in _children(xml, "users"):
        names = {user.tag, *(query.removeprefix("GRANT ") for query in _queries(user))}
        expected: dict[str, set[str]] = {}
        for _, database, table, condition, except_, to in policies:
            if bool(names & set(re.findall(r"`(\w+)`", to))) != bool(except_):
                expected.setdefault(f"{database}.{table}", set()).add(condition)
        shown = {
            f"{database.tag}.{table.tag}": table.findtext("filter") or ""
            for database in _children(user, "databases")
            for table in database
        }
        assert shown.keys() == expected.keys()
        for relation, conditions in expected.items():
            wanted = (
                "1"
                if "1" in conditions
                else " OR ".join(f"({one})" for one in sorted(conditions))
                if len(conditions) > 1
                else next(iter(conditions))
            )
            assert shown[relation] == wanted


def test_both_set_the_same_limits(sql: list[str], xml: Element) -> None:
    of_sql = {
        name: dict(pair.replace("'", "").split(" = ") for pair in settings.split(", "))
        for one in sql
        for name, settings in re.findall(
            r"^CREATE SETTINGS PROFILE OR REPLACE `(\w+)` SETTINGS (.*) TO `\1`$", one
        )
    }
    of_xml = {
        profile.tag: {setting.tag: setting.text for setting in profile}
        for profile in _children(xml, "profiles")
    }
    assert of_xml == of_sql
    assert len(of_sql) == 7
    assert all(settings["readonly"] == "1" for settings in of_sql.values())
    quotas = {
        name: queries
        for one in sql
        for name, queries in re.findall(
            r"^CREATE QUOTA OR REPLACE `(\w+)` .* 1 hour MAX queries = (\d+) TO `\1`$", one
        )
    }
    assert {q.tag: q.findtext("interval/queries") for q in _children(xml, "quotas")} == quotas


def test_passwords_are_in_neither(plan: Plan, hashes: dict[str, str], sql: list[str]) -> None:
    for text in (*sql, users_xml(plan, hashes)):
        assert SECRET not in text


def test_a_missing_or_wrong_password_is_told_by_its_variable() -> None:
    with pytest.raises(UsageError, match="set ACCESS_PASSWORD_ANA, ACCESS_PASSWORD_B_EN in"):
        password_hashes(["ana", "b.en"], {})
    wrong = {"ACCESS_PASSWORD_SHA256_ANA": SECRET}
    with pytest.raises(UsageError, match="ACCESS_PASSWORD_SHA256_ANA is no SHA-256") as told:
        password_hashes(["ana"], wrong)
    assert SECRET not in str(told.value)
    given = {"ACCESS_PASSWORD_SHA256_ANA": "AB" * 32, "ACCESS_PASSWORD_ANA": "other"}
    assert password_hashes(["ana"], given) == {"ana": "ab" * 32}


def test_roles_alone_are_made_without_users(plan: Plan) -> None:
    made = statements(plan, None)
    assert not any("warehouse_loader` IDENTIFIED" in one for one in made)
    assert sum(one.startswith("CREATE USER") for one in made) == 1  # nobody can log in as that one


def test_only_ours_are_removed_and_only_those_that_are_gone(plan: Plan) -> None:
    found = {kind: set(names) for kind, names in wanted_names(plan).items()}
    assert removals(plan, found) == []
    found["ROLE"] |= {(role_name("old"), ""), ("theirs", "")}
    found["USER"] |= {("default", ""), ("maria", "")}
    found["ROW POLICY"] |= {("warehouse_views", "xapi.int_gone"), ("theirs", "xapi.int_gone")}
    assert removals(plan, found) == [
        "DROP ROW POLICY IF EXISTS `warehouse_views` ON `xapi`.`int_gone`",
        "DROP ROLE IF EXISTS `warehouse_old`",
    ]


def test_policies_of_a_server_are_compared(plan: Plan) -> None:
    found = [
        FoundPolicy(one.name, one.relation, one.condition, one.to, one.except_, is_xml=False)
        for one in plan.policies
    ]
    first, second, third, *rest = found

    def told(*changed: FoundPolicy) -> list[str]:
        return compare_policies(plan, [*changed, *rest], False, lambda condition: condition)

    assert told(first, second, third) == []
    assert told(second, third) == [f"{first.relation} has no row policy {first.name}."]
    (other,) = told(replace(first, condition="1"), second, third)
    assert other == f"{first.relation}: row policy {first.name} has another condition."
    (other,) = told(replace(first, to=("maria",)), second, third)
    assert other == f"{first.relation}: row policy {first.name} is for others than planned."
    (other,) = told(first, second, third, replace(first, name="theirs", condition="1"))
    assert other == f"{first.relation}: row policy theirs is not ours, and opens rows."


def _children(root: Element, path: str) -> Iterator[Element]:
    parent = root.find(path)
    return iter(parent if parent is not None else ())


def _queries(holder: Element) -> list[str]:
    return [query.text or "" for query in holder.findall("grants/query")]
