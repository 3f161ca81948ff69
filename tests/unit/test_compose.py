"""deploy/compose.yml, without a docker engine: what can be known of it by reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_pydantic import ComposeSpecification

from loader.access import read_access
from loader.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
# What images of others read.
OF_IMAGES = {
    "clickhouse/clickhouse-server": {
        "CLICKHOUSE_USER",
        "CLICKHOUSE_PASSWORD",
        "CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT",
    },
    "postgres": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"},
    "redis": set[str](),
}
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<how>:\?|:-[^}]*)?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return content


def services(compose: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from compose["services"].items()


def test_it_is_what_the_specification_allows(compose: dict[str, Any]) -> None:
    # What begins with x- is the file's own.
    said = {name: one for name, one in compose.items() if not name.startswith("x-")}
    ComposeSpecification.model_validate(said)
    with pytest.raises(ValueError, match="imagine"):
        ComposeSpecification.model_validate({"services": {"one": {"imagine": "postgres:16"}}})


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    for name, service in services(compose):
        image, _, version = service["image"].rpartition(":")
        assert re.fullmatch(r"\d+\.\d+(\.\d+)?(-[a-z]+)?", version), name
        assert image in OF_IMAGES or service["build"]["context"] == "..", name
    for path in DEPLOY.glob("*.Dockerfile"):
        (base,) = re.findall(r"^FROM (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", base), path


def test_superset_is_the_one_that_is_tested(compose: dict[str, Any]) -> None:
    constraints = (ROOT / "superset" / "constraints.txt").read_text(encoding="utf-8")
    version = compose["services"]["superset"]["image"].rpartition(":")[2]
    assert f"apache_superset=={version}" in constraints.replace("-superset", "_superset")


def test_ports_are_open_to_this_machine_alone(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services(compose) if "ports" in service}
    assert set(ports) == {"clickhouse", "superset"}
    assert all(one.startswith("127.0.0.1:") for each in ports.values() for one in each)


def test_files_are_there(compose: dict[str, Any]) -> None:
    for name, service in services(compose):
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file(), name
        for file in service.get("env_file", ()):
            assert (DEPLOY / f"{file}.example").is_file(), name
    for path in DEPLOY.glob("*.Dockerfile"):
        ignored = path.with_name(f"{path.name}.dockerignore").read_text(encoding="utf-8").split()
        for line in re.findall(r"^COPY (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            for source in line.split()[:-1]:
                assert list(ROOT.glob(source)), f"{path.name}: {source}"
                assert f"!{source}" in ignored, f"{path.name}.dockerignore: {source}"


def test_commands_are_there(compose: dict[str, Any]) -> None:
    of_the_loader = re.findall(r"loader (\w+)", str(compose["services"]["set-up"]["command"]))
    assert of_the_loader == ["init", "access"]
    assert (DEPLOY / "every").stat().st_mode & 0o111


def known_variables() -> set[str]:
    """What loader, dbt and Superset's configuration read."""
    known = {str(one.validation_alias) for one in Settings.model_fields.values()}
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "superset").glob("*.py")]
    commands = ROOT / "loader" / "cli" / "superset"
    texts += [path.read_text(encoding="utf-8") for path in sorted(commands.glob("*.py"))]
    known |= {name for text in texts for name in re.findall(r"\bSUPERSET_\w+", text)}
    known |= {"WAREHOUSE_VIEWS_USER"}  # dbt_project.yml
    return known | {f"ACCESS_PASSWORD_{user.upper()}" for user in read_access().users}


def test_variables_are_known(compose: dict[str, Any]) -> None:
    for name, service in services(compose):
        image = service["image"].rpartition(":")[0]
        known = OF_IMAGES.get(image, known_variables())
        assert set(service.get("environment", {})) <= known, name
    told = (DEPLOY / "superset.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", told, re.MULTILINE)) <= known_variables()


def test_every_user_of_access_yml_gets_a_password(compose: dict[str, Any]) -> None:
    given = set(compose["services"]["set-up"]["environment"])
    assert {f"ACCESS_PASSWORD_{user.upper()}" for user in read_access().users} <= given


def test_secrets_are_in_the_environment_alone(compose: dict[str, Any]) -> None:
    example = (DEPLOY / ".env.example").read_text(encoding="utf-8")
    named = dict(re.findall(r"^#?(\w+)=(.*)$", example, re.MULTILINE))
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    asked = {one["name"]: one["how"] for one in VARIABLE.finditer(text)}
    assert set(asked) == set(named)
    for name, how in asked.items():
        if "PASSWORD" in name or "SECRET" in name:
            assert (how, named[name]) == (":?", ""), name
    for name, service in services(compose):
        for variable, value in service.get("environment", {}).items():
            if "PASSWORD" in variable or "SECRET" in variable:
                assert VARIABLE.fullmatch(value), f"{name}: {variable}"


def test_services_wait_for_services_that_are_there(compose: dict[str, Any]) -> None:
    for name, service in services(compose):
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][other], name
            else:
                assert "restart" not in compose["services"][other], f"{name} waits for {other}"
