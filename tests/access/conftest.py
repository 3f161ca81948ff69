"""A real server with the users that access.yml makes, and a small platform built on it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from loader.access import Access, read_access
from loader.access.names import VIEWS_USER
from loader.access.passwords import password_hashes
from loader.access.plan import Plan, make_plan
from loader.access.published import Model, models_of
from loader.access.users_xml import users_xml
from loader.engine import connect
from loader.generate import GeneratorOptions, generate
from loader.schema import initialise
from loader.settings import Settings
from tests.command import Command
from tests.reporting import PROJECT, dbt, manifest, records
from tests.server import free_port, started_server
from tests.warehouse import environment, server_settings, settings_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

PASSWORD = "open sesame"  # noqa: S105
STATEMENTS = 2500
# Of the server: days are those of UTC all the same.
TIMEZONE = "Asia/Kathmandu"

# Learners of the platform, who log in with the names they have there.
LEARNER, TEACHING_LEARNER = "cedar_ember2", "fjord_pine10"

# People, by the name with which they log in.
PEOPLE = {
    "admin": ["admin"],
    "operator": ["operator"],
    "analyst": ["analyst"],
    "instructor": ["instructor"],
    "of_organisation": ["instructor"],
    "with_names": ["instructor_with_personal_data"],
    "no_more": ["instructor"],
    "beta_tester": ["instructor"],
    "without_grant": ["instructor"],
    "without_role": [],
    LEARNER: ["learner"],
    TEACHING_LEARNER: ["learner", "instructor"],
    "teaching_analyst": ["analyst", "instructor_with_personal_data"],
}

STATISTICS = "course-v1:NorthU+STAT101+2026_T1"
STATISTICS_AGAIN = "course-v1:NorthU+STAT101+2026_T2"
ALGEBRA = "course-v1:PolyX+ALG1+2026_T1"
HISTORY = "course-v1:UdelSur+HIST2+2026_T1"

GRANTS = f"""\
username,org,course_key,role,until
instructor,NorthU,{STATISTICS},instructor,
instructor,PolyX,{ALGEBRA},staff,2999-12-31
instructor,UdelSur,{HISTORY},instructor,2020-12-31
of_organisation,NorthU,,staff,
with_names,PolyX,{ALGEBRA},instructor,
no_more,NorthU,{STATISTICS},instructor,2020-12-31
beta_tester,NorthU,{STATISTICS},beta_tester,
without_role,NorthU,{STATISTICS},instructor,
{LEARNER},NorthU,{STATISTICS},instructor,
{TEACHING_LEARNER},UdelSur,{HISTORY},instructor,
teaching_analyst,PolyX,{ALGEBRA},instructor,
"""

# What these people's grants open, worked out by hand.
COURSES = {
    "instructor": {STATISTICS, ALGEBRA},
    "of_organisation": {STATISTICS, STATISTICS_AGAIN},
    "with_names": {ALGEBRA},
    "no_more": set(),
    "beta_tester": set(),
    "without_grant": set(),
    TEACHING_LEARNER: {HISTORY},
}


@dataclass
class Platform:
    """The server, and what is on it."""

    settings: Settings
    access: Access
    models: list[Model]
    plan: Plan
    folder: Path
    native_port: int
    clients: dict[str, Client]
    seen: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def as_user(self, user: str) -> Client:
        """A connection as this user."""
        if user not in self.clients:
            self.clients[user] = connect(self.settings_of(user))
        return self.clients[user]

    def settings_of(self, user: str) -> Settings:
        return settings_of(
            environment(self.settings)
            | {
                "CLICKHOUSE_USER": user,
                "CLICKHOUSE_PASSWORD": "" if user == "default" else PASSWORD,
            }
        )

    def rows(self, user: str, query: str) -> list[tuple[Any, ...]]:
        """What this user gets."""
        return [tuple(row) for row in self.as_user(user).query(query).result_rows]

    def table(self, user: str, relation: str) -> list[dict[str, Any]]:
        """All that this user sees of a relation, in one order. It is asked once."""
        if (user, relation) not in self.seen:
            rows = records(self.as_user(user), relation)
            self.seen[user, relation] = sorted(rows, key=repr)
        return self.seen[user, relation]

    def refusal(self, user: str, query: str) -> str:
        """The name of the error with which a query is refused; '' if it is answered."""
        try:
            self.as_user(user).query(query)
        except DatabaseError as error:
            return str(re.findall(r"\(([A-Z_]+)\)", str(error))[-1])
        return ""

    def value(self, user: str, query: str) -> Any:
        ((value,),) = self.rows(user, query)
        return value


@pytest.fixture(scope="session")
def access() -> Access:
    return read_access(PROJECT / "access.yml")


@pytest.fixture(scope="session")
def models() -> list[Model]:
    return models_of(manifest())


@pytest.fixture(scope="session")
def platform(
    tmp_path_factory: pytest.TempPathFactory, access: Access, models: list[Model]
) -> Iterator[Platform]:
    """The demo platform, landed by the loader's user and built by dbt's."""
    folder = tmp_path_factory.mktemp("access")
    made = generate(folder / "platform", GeneratorOptions(statements=STATEMENTS, courses=4))
    users = {name: tuple(roles) for name, roles in {**access.users, **PEOPLE}.items()}
    access = access.model_copy(update={"users": users})
    plan = make_plan(access, models)
    passwords = {f"ACCESS_PASSWORD_{name.upper()}": PASSWORD for name in users}
    xml = users_xml(plan, password_hashes(users, passwords))
    native_port = free_port(0)
    server = started_server(
        folder / "server", access=xml, native_port=native_port, timezone=TIMEZONE
    )
    with server as address:
        settings = server_settings(address)
        client = connect(settings)
        initialise(client, settings)
        platform = Platform(
            settings, access, models, plan, folder, native_port, {"default": client}
        )
        _land(platform, made.statements_path.parent)
        _build(platform)
        yield platform
        for opened in platform.clients.values():
            opened.close()


def ingest_grants(platform: Platform, content: str) -> None:
    """Load a dump of grants, as the loader's user."""
    loader = Command(environment(platform.settings_of("warehouse_loader")), platform.folder)
    done = loader("ingest", "--table", "course_grants", "-", stdin=content.encode())
    assert done.returncode == 0, done.stderr


def _land(platform: Platform, folder: Path) -> None:
    """Everything lands by the command, as the loader's user."""
    loader = Command(environment(platform.settings_of("warehouse_loader")), folder)
    for table in ("course_overviews", "course_blocks", "user_profile", "external_id"):
        done = loader("ingest", "--table", table, f"{table}.csv")
        assert done.returncode == 0, done.stderr
    ingest_grants(platform, GRANTS)
    done = loader("ingest", "statements.jsonl")
    assert done.returncode == 0, done.stderr


def _build(platform: Platform) -> None:
    # The server makes its log of queries with the first writing; dbt looks whether it is there.
    platform.as_user("default").command("SYSTEM FLUSH LOGS")
    with patch.dict(os.environ, {"WAREHOUSE_VIEWS_USER": VIEWS_USER}):
        dbt(platform.settings_of("warehouse_dbt"), "seed")
        dbt(platform.settings_of("warehouse_dbt"), "run")
