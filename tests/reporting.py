"""Build the reporting tables with dbt, in this process, and read what they publish."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from dbt.artifacts.resources.types import AccessType, NodeType
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from tests.warehouse import environment

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from clickhouse_connect.driver.query import QueryResult

    from loader.settings import Settings

PROJECT = Path(__file__).parents[1]
DONE = {"success", "pass", "skipped", "no-op"}
# What goes on day after day is read as of one day: midnight may pass between what is compared.
TODAY = f"toDate('{datetime.now(timezone.utc):%Y-%m-%d}')"
GROWS_TO_TODAY = "reporting.rpt_enrollment_growth"
COUNTED_FROM_TODAY = "days_since_last_visit"

Table = list[tuple[Any, ...]]


def dbt(settings: Settings, *arguments: str, variables: str = "{}") -> None:
    """Run a dbt command on a warehouse; AssertionError with dbt's words if it fails."""
    with patch.dict(os.environ, environment(settings)):
        runner = dbtRunner(manifest=_manifest(settings.target.value, variables))
        result = runner.invoke([*arguments, *_options(variables)])
    assert result.exception is None, result.exception
    failed = [
        f"{one.node.name}: {one.message}"
        for one in getattr(result.result, "results", [])
        if one.status not in DONE
    ]
    assert result.success, "\n".join(failed)


def _manifest(target: str, variables: str) -> Manifest:
    """Parsed once for all that it depends on; parsing costs more than a run."""
    return _parsed(target, variables, os.environ.get("WAREHOUSE_VIEWS_USER", ""))


@cache
def _parsed(_target: str, variables: str, _views_user: str) -> Manifest:
    result = dbtRunner().invoke(["parse", "--no-partial-parse", *_options(variables)])
    assert isinstance(result.result, Manifest), result.exception
    return result.result


def _options(variables: str) -> list[str]:
    return [
        *("--project-dir", str(PROJECT), "--profiles-dir", str(_scratch())),
        *("--target-path", str(_scratch() / "target"), "--log-path", str(_scratch() / "logs")),
        *("--vars", variables, "--quiet", "--no-use-colors", "--log-level-file", "none"),
    ]


@cache
def _scratch() -> Path:
    """A folder with the profiles as we ship them, whatever is in the user's own."""
    folder = Path(mkdtemp(prefix="xapi-warehouse-dbt-"))
    shutil.copy(PROJECT / "profiles.example.yml", folder / "profiles.yml")
    return folder


def manifest() -> Mapping[str, Any]:
    """The project's manifest, as dbt writes it to `target/manifest.json`."""
    written: Mapping[str, Any] = _manifest("embedded", "{}").writable_manifest().to_dict()
    return written


def published_relations() -> list[str]:
    """Every published relation about learning, as `database.name`; not those about the running."""
    manifest = _manifest("embedded", "{}")
    return sorted(
        f"{node.schema}.{node.identifier}"
        for node in manifest.nodes.values()
        if node.resource_type == NodeType.Model
        and node.config.access == AccessType.Public
        and "operations" not in node.fqn
    )


def published(client: Client, relations: Iterable[str]) -> dict[str, Table]:
    """Every row of relations (`database.name`), sorted, to compare as sets of rows."""
    return {relation: _sorted_rows(client, relation) for relation in relations}


def _sorted_rows(client: Client, relation: str) -> Table:
    rows: Table = [tuple(row) for row in rows_of(client, relation).result_rows]
    return sorted(rows, key=repr)


def records(client: Client, relation: str) -> list[dict[str, Any]]:
    """The rows of a relation as dicts; its database is `reporting` unless it names another."""
    return list(rows_of(client, relation).named_results())


def rows_of(client: Client, relation: str) -> QueryResult:
    """The rows of a relation, a sketch as the number that it stands for, days as of `TODAY`."""
    name = relation if "." in relation else f"reporting.{relation}"
    replaced = []
    for column, kind, *_ in client.query(f"DESCRIBE TABLE {name}").result_rows:
        if kind.startswith("AggregateFunction"):
            replaced.append(f"finalizeAggregation({column}) AS {column}")
        elif column == COUNTED_FROM_TODAY:
            replaced.append(f"{column} - dateDiff('day', {TODAY}, now('UTC')) AS {column}")
    columns = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
    days = f" WHERE happened_on <= {TODAY}" if name == GROWS_TO_TODAY else ""
    return client.query(f"SELECT {columns} FROM {name}{days}")
