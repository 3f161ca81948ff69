"""Who sees what in Superset, each as themselves over HTTP, and what they try to see more.

The data cache is on, and who may see everything asks first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from loader.engine import connect
from loader.errors import LoaderError
from loader.superset.roles import relation
from scripts.superset_demo import COURSE, PASSWORD
from tests.superset.conftest import Served
from tests.superset.people import KEYS, ROWS, Person, Row

OWN_COURSE = COURSE[1]
STATUS = "reporting.fct_learner_course_status"
NAMES = "reporting_pii.rpt_learner_summary_with_names"
# Besides the people of the demo: a learner has the name that the platform knows them by.
TEACHER_WITHOUT_COURSE, NOBODY, LEARNER = "teacher_without_course", "nobody", "learner"
ROLES = {
    "admin": "admin",
    "analyst": "analyst",
    "operator": "operator",
    "instructor": "instructor",
    "instructor_with_names": "instructor_with_personal_data",
    TEACHER_WITHOUT_COURSE: "instructor",
    LEARNER: "learner",
    NOBODY: None,
}
LIMITED = ("instructor", "instructor_with_names", TEACHER_WITHOUT_COURSE)


@pytest.fixture(scope="module")
def learner(served: Served) -> Row:
    """A learner of the platform: the name to log in with, and who that is in statements."""
    client = connect(served.settings)
    try:
        found = client.query(
            "select username, actor_id, actor_home_page from reporting_pii.dim_learner_profiles"
            f" where username != '' and (actor_id, actor_home_page) in (select actor_id,"
            f" actor_home_page from {STATUS} where course_key = '{OWN_COURSE}')"
            " order by username limit 1"
        )
        return next(iter(found.named_results()))
    finally:
        client.close()


@pytest.fixture(scope="module")
def people(served: Served, learner: Row) -> Iterator[dict[str, Person]]:
    """Everybody, logged in."""
    roles = {row["name"]: row["id"] for row in served.server.list("security/roles", ("id", "name"))}
    logins = {name: name for name in ROLES} | {LEARNER: learner["username"]}
    new = {
        TEACHER_WITHOUT_COURSE: "warehouse_instructor",
        LEARNER: "warehouse_learner",
        NOBODY: "Gamma",
    }
    made = []
    for name, role in new.items():
        login = logins[name]
        body = {
            "username": login,
            "first_name": login,
            "last_name": login,
            "email": f"{login}@example.org",
            "active": True,
            "password": PASSWORD,
            "roles": [roles[role]],
        }
        made.append(served.server.post("security/users/", body)["id"])
    uuids = {one["uuid"]: relation(one) for _path, one in served.bundle.of("datasets")}
    numbers = {
        uuids[row["uuid"]]: row["id"]
        for row in served.server.list("dataset", ("id", "uuid"))
        if row["uuid"] in uuids
    }
    yield {name: Person(name, served.as_user(login), numbers) for name, login in logins.items()}
    for number in made:
        served.server.delete(f"security/users/{number}")


@pytest.fixture(scope="module")
def relations(served: Served) -> dict[str, list[str]]:
    """The columns of each relation that tell whose and about how many its rows are."""
    found = {}
    for _path, dataset in served.bundle.of("datasets"):
        one = relation(dataset)
        columns = [column["column_name"] for column in dataset["columns"]]
        asked = (*KEYS, *served.access.learner_columns(one))
        found[one] = list(dict.fromkeys(name for name in asked if name in columns))
    return found


@pytest.fixture(scope="module")
def rows(served: Served, relations: dict[str, list[str]]) -> dict[str, list[Row]]:
    """All rows, as the warehouse itself tells them, by what is asked."""
    client = connect(served.settings)
    try:
        return {
            one: list(client.query(_query(one, columns)).named_results())
            for one, columns in relations.items()
        }
    finally:
        client.close()


def _query(one: str, columns: list[str]) -> str:
    by = f" group by {', '.join(columns)}" if columns else ""
    return f"select {', '.join([*columns, 'count() as rows'])} from {one}{by}"


def may_see(served: Served, name: str, learner: Row, one: str, row: Row) -> bool:
    """The rules of access.yml, told once more."""
    role = ROLES[name]
    if role is None:
        return False
    counts = [row[column] for column in served.access.learner_columns(one)]
    is_small = bool(counts) and 0 < max(counts) < served.access.small_group_size
    if is_small and served.access.hides_small_groups(role) and name != "admin":
        return False
    if served.access.is_same_for_all(one):
        return True
    if name in LIMITED:
        return name != TEACHER_WITHOUT_COURSE and row.get("course_key") == OWN_COURSE
    if name == LEARNER:
        return all(row[column] == learner[column] for column in ("actor_id", "actor_home_page"))
    return True


@pytest.mark.parametrize("name", ROLES)
def test_everybody_sees_their_rows_of_every_relation(
    served: Served,
    people: dict[str, Person],
    learner: Row,
    relations: dict[str, list[str]],
    rows: dict[str, list[Row]],
    name: str,
) -> None:
    role, seen = ROLES[name], 0
    for one, columns in relations.items():
        if role is None or not served.access.may_read(role, one):
            assert people[name].is_refused(one), one
            continue
        found = people[name].ask(one, columns=columns, metrics=[ROWS])
        expected = [row for row in rows[one] if may_see(served, name, learner, one, row)]
        assert counted(found) == counted(expected), one
        seen += len(expected)
    assert (seen > 20) == (name not in (TEACHER_WITHOUT_COURSE, NOBODY))


def counted(rows: list[Row]) -> Counter[str]:
    """Rows without their order; where there is no row, a sum over none is none either."""
    return Counter(
        json.dumps(row, sort_keys=True, default=str) for row in rows if row.get("rows") != 0
    )


def test_small_groups_are_there_to_be_hidden(
    served: Served, learner: Row, rows: dict[str, list[Row]]
) -> None:
    hidden = [
        one
        for one, found in rows.items()
        if served.access.learner_columns(one)
        and not all(may_see(served, "analyst", learner, one, row) for row in found)
    ]
    assert len(hidden) > 5


# What an instructor sends to see more than their course. It is refused, or shows that course alone.
EVERYTHING = "1 = 1"
WHERE = [
    "1 = 1) or (1 = 1",
    "1 = 1)) or ((1 = 1",
    "1 = 1 or course_key != ''",
    "1 = 1) or 1 = 1 --",
    "1 = 1) or 1 = 1 /*",
    "1 = 1) group by course_key union all select course_key, count() as rows from "
    f"{STATUS} group by course_key --",
    f"course_key in (select course_key from {STATUS})",
    "course_key in (select course_key from merge('reporting', '^fct_learner_course_status$'))",
    "{{ '1 = 1) or (1 = 1' }}",
    "course_key = '{{ current_username() }}' or 1 = 1",
    "{% set all = '1 = 1) or (1 = 1' %}{{ all }}",
    "1 = 1 settings additional_table_filters = {}",
]
COLUMNS = [
    f"(select arrayStringConcat(groupUniqArray(course_key), ',') from {STATUS})",
    "(select any(course_key) from access.current_course_grants)",
    "(select arrayStringConcat(groupUniqArray(course_key), ',')"
    " from merge('reporting', '^fct_learner_course_status$'))",
    "(select any(org) from xapi.int_learner_courses)",
    f"course_key from {STATUS} union all select course_key",
    f"course_key from {STATUS} --",
    "{{ dataset(1) }}",
    "dictGetString('xapi', 'org', 1)",
]


def sees_only_own(person: Person, **query: Any) -> bool:
    """Whether an attempt shows the person's course at most. A refusal is as good."""
    try:
        found = person.ask(STATUS, **query)
    except LoaderError:
        return True
    return "course-v1" not in json.dumps(found).replace(OWN_COURSE, "")


@pytest.mark.parametrize("attempt", WHERE)
@pytest.mark.parametrize("place", ["where", "having"])
def test_no_condition_widens_the_rows(people: dict[str, Person], attempt: str, place: str) -> None:
    people["admin"].ask(STATUS, columns=["course_key"], metrics=[ROWS])
    asked = {"columns": ["course_key"], "metrics": [ROWS], "extras": {place: attempt}}
    assert sees_only_own(people["instructor"], **asked)


@pytest.mark.parametrize("attempt", COLUMNS)
def test_no_expression_reads_another_table(people: dict[str, Person], attempt: str) -> None:
    column = {"expressionType": "SQL", "sqlExpression": attempt, "label": "mine"}
    assert sees_only_own(people["instructor"], columns=[column], metrics=[ROWS])
    metric = column | {"sqlExpression": f"any({attempt})"}
    assert sees_only_own(people["instructor"], columns=[], metrics=[metric])
