"""Three ways to keep a state up to date, measured: docs/decisions/0001 tells what came of it.

    python -m benchmarks.incremental_patterns [--statements N]

On a server with N statements staged: the two states of the project in their first build
and after each of five evenings of 10,000 statements, written in each way; and two ways to
find out which statements are new.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.inputs import Inputs, generate
from benchmarks.target import ROOT, Target, opened_target

STATES = {
    "int_learner_courses": ["org", "course_key", "actor_id", "actor_home_page"],
    "int_video_views": ["org", "course_key", "object_id", "actor_id", "actor_home_page"],
}
PROJECT_PARTS = ("models", "macros", "seeds", "dbt_project.yml")
ENGINE = "engine='ReplacingMergeTree(version, is_deleted)',"

ONE_COURSE = "SELECT org, course_key FROM xapi.{table} ORDER BY org, course_key LIMIT 1"
WINDOW = "received_at >= (SELECT max(received_at) - INTERVAL 60 MINUTE FROM xapi.xapi_events_all)"
WHAT_IS_NEW = {
    "moments of arrival, compared by their counts": (
        "SELECT count() FROM (SELECT received_at, count() AS statements "
        f"FROM xapi.xapi_events_all WHERE {WINDOW} GROUP BY received_at) WHERE "
        "(received_at, statements) NOT IN "
        "(SELECT received_at, statements FROM xapi.stg_xapi__arrivals)"
    ),
    "statements not staged yet, by their ids": (
        f"SELECT count() FROM xapi.xapi_events_all WHERE {WINDOW} AND event_id NOT IN "
        f"(SELECT event_id FROM xapi.stg_xapi__statements WHERE {WINDOW})"
    ),
}


@dataclass(frozen=True)
class Pattern:
    """A way to write a state: what its models have in place of ours."""

    name: str
    prefix: str
    engine: str
    materialized: str = "incremental"
    reads_final: bool = False

    def write_project(self, folder: Path) -> Path:
        """A copy of the project in which the states are written this way."""
        for part in PROJECT_PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        for state, key in STATES.items():
            model = folder / "models" / "intermediate" / f"{state}.sql"
            text = model.read_text()
            text = text.replace(ENGINE, f"{self.engine} alias='{self.prefix}{state}',")
            text = text.replace("KEY", str(key))
            text = text.replace("'incremental'", f"'{self.materialized}'", 1)
            model.write_text(text)
        return folder


VERSIONS = Pattern("versioned rows", "a_", ENGINE, reads_final=True)
DELETE_INSERT = Pattern(
    "delete and insert",
    "b_",
    "engine='MergeTree()', incremental_strategy='delete_insert', unique_key=KEY,",
)
REBUILD = Pattern("rebuilt whole", "c_", "engine='MergeTree()',", materialized="table")
PATTERNS = (VERSIONS, DELETE_INSERT, REBUILD)


@dataclass
class Seconds:
    """Seconds of the states together: the first build, each slice, and one course read."""

    first: float = 0.0
    slices: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statements", type=int, default=1_000_000)
    statements = parser.parse_args().statements
    with TemporaryDirectory() as scratch:
        inputs = generate(Path(scratch) / "inputs", statements)
        with opened_target("server", Path(scratch) / "server") as target:
            measured, finding = measure(target, inputs, Path(scratch))
    for pattern in PATTERNS:
        one = measured[pattern.prefix]
        print(
            f"{pattern.name:20} first {one.first:6.2f} s   slice {median(one.slices):6.2f} s   "
            f"read one course {median(one.read) * 1000:6.1f} ms"
        )
    for name, seconds in finding.items():
        print(f"{name:48} {median(seconds) * 1000:7.1f} ms")


def measure(
    target: Target, inputs: Inputs, scratch: Path
) -> tuple[dict[str, Seconds], dict[str, list[float]]]:
    """Every pattern on the same statements, slice by slice, in turns."""
    target.make_anew()
    target.run("loader", "ingest", str(inputs.history))
    projects = {
        pattern.prefix: pattern.write_project(scratch / pattern.prefix) for pattern in PATTERNS
    }
    measured = {pattern.prefix: Seconds() for pattern in PATTERNS}
    finding: dict[str, list[float]] = {name: [] for name in WHAT_IS_NEW}
    target.run("dbt", "run", "--select", "staging")
    for pattern in PATTERNS:
        measured[pattern.prefix].first = build(target, projects[pattern.prefix])
    for file in inputs.evenings:
        target.run("loader", "ingest", str(file))
        target.run("dbt", "run", "--select", "staging")
        for pattern in PATTERNS:
            one = measured[pattern.prefix]
            one.slices.append(build(target, projects[pattern.prefix]))
            one.read.append(seconds_of_reading(target, pattern))
        for name, query in WHAT_IS_NEW.items():
            finding[name].append(seconds_of(target, query))
    return measured, finding


def build(target: Target, project: Path) -> float:
    """Seconds of the states' models in one `dbt run` of a project."""
    target.run("dbt", "run", "--project-dir", str(project), "--select", *STATES)
    results = json.loads((target.folder / "target" / "run_results.json").read_text())["results"]
    return sum(
        float(one["execution_time"]) for one in results if one["unique_id"].startswith("model.")
    )


def seconds_of_reading(target: Target, pattern: Pattern) -> float:
    """How long one course of a state takes to read."""
    table = f"{pattern.prefix}int_video_views"
    course = ONE_COURSE.format(table=table)
    final = "FINAL" if pattern.reads_final else ""
    query = f"SELECT count(), sum(plays) FROM xapi.{table} {final} WHERE (org, course_key) = "
    return seconds_of(target, f"{query} ({course})")


def seconds_of(target: Target, query: str) -> float:
    begun = time.perf_counter()
    target.query(query)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
