"""The measurements: each returns plain numbers."""

from __future__ import annotations

import json
import resource
import time
from dataclasses import dataclass, field
from statistics import median

from benchmarks import query_log
from benchmarks.inputs import Inputs
from benchmarks.memory import forget_peaks, peak_of_server
from benchmarks.query_log import Cost
from benchmarks.target import DATABASES, Target

RUNS = 3  # of strict validation
IDLE_RUNS = 3
HELP_RUNS = 10
THREADS = 4


@dataclass(frozen=True)
class Run:
    """One `dbt run`: dbt's own elapsed seconds, and those of each model.

    On a server also what the queries of each model cost, and its memory at most, in bytes.
    """

    seconds: float
    models: dict[str, float]
    costs: dict[str, Cost] = field(default_factory=dict)
    server_memory: int = 0

    @property
    def rows(self) -> int:
        """Rows that were read in all."""
        return sum(cost.rows for cost in self.costs.values())

    @property
    def memory(self) -> int:
        """The most memory that a single query took, in bytes."""
        return max((cost.memory for cost in self.costs.values()), default=0)


@dataclass
class Builds:
    """`dbt run` on a new warehouse, after each evening, and with nothing new."""

    full: Run
    increments: list[Run] = field(default_factory=list)
    idle: list[Run] = field(default_factory=list)


@dataclass(frozen=True)
class Disk:
    """Bytes on disk: of the raw table, and of all tables."""

    raw: int
    total: int


def builds(target: Target, inputs: Inputs) -> Builds:
    """Build the reports of a loaded warehouse, then keep them up to date."""
    for dump in inputs.dumps:
        target.run("loader", "ingest", "--table", dump.stem, str(dump))
    measured = Builds(dbt_run(target))
    for file in inputs.evenings:
        target.run("loader", "ingest", str(file))
        measured.increments.append(dbt_run(target))
    measured.idle = [dbt_run(target) for _ in range(IDLE_RUNS)]
    return measured


def dbt_run(target: Target) -> Run:
    """One `dbt run`, by what dbt writes about it and the server about its queries."""
    since = query_log.now(target) if target.server else ""
    forget_peaks()
    target.run("dbt", "--quiet", "run", "--threads", str(THREADS))
    results = json.loads((target.folder / "target" / "run_results.json").read_text())
    models = {
        result["unique_id"].rsplit(".", 1)[-1]: result["execution_time"]
        for result in results["results"]
        if result["unique_id"].startswith("model.")
    }
    if not target.server:
        return Run(results["elapsed_time"], models)
    costs = query_log.costs(target, since)
    return Run(results["elapsed_time"], models, costs, peak_of_server())


def disk(target: Target) -> Disk:
    """What the warehouse takes on disk now."""
    databases = ", ".join(f"'{name}'" for name in DATABASES)
    answer = target.query(
        "SELECT sumIf(bytes_on_disk, table = 'xapi_events_all'), sum(bytes_on_disk) "
        f"FROM system.parts WHERE active AND database IN ({databases})"
    )
    raw, total = answer.split()
    return Disk(int(raw), int(total))


def seconds_of_strict_validation(target: Target, inputs: Inputs) -> float:
    """Processor seconds of `loader validate --strict`, its workers' with its own."""
    seconds = []
    for _ in range(RUNS):
        before = _processor_seconds_of_children()
        process = target.start("loader", "validate", "--strict", "--json", str(inputs.history))
        output, errors = process.communicate()
        seconds.append(_processor_seconds_of_children() - before)
        _require(
            json.loads(output)["lines"] == inputs.statements, f"loader validate failed: {errors}"
        )
    return median(seconds)


def _processor_seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of_help(target: Target) -> float:
    """Wall-clock seconds of `loader --help`."""
    seconds = []
    for _ in range(HELP_RUNS):
        begun = time.perf_counter()
        target.run("loader", "--help")
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


def slowest(runs: list[Run], count: int) -> list[tuple[str, float]]:
    """The models that take longest, with their median seconds."""
    names = {name for run in runs for name in run.models}
    times = {name: median(run.models.get(name, 0.0) for run in runs) for name in names}
    return sorted(times.items(), key=lambda item: -item[1])[:count]


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)
