"""The figures as a table, at the terminal and in docs/benchmarks.md."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.measure import Builds, Ingest, Run, slowest

MODELS_SHOWN = 6
COLUMNS = ("what", "ours", "limit", "ratio", "goal", "met")


@dataclass(frozen=True)
class Goals:
    """What issue and README promise."""

    ingest_ratio: float = 0.5
    loader_megabytes: float = 500
    full_seconds: float = 8
    increment_ratio: float = 0.4
    strict_rate: float = 40_000
    help_seconds: float = 0.4


GOALS = Goals()


@dataclass(frozen=True)
class Row:
    """One figure: ours, what it is compared with, their ratio, and the goal."""

    what: str
    ours: str
    limit: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None  # None: there is no goal

    @property
    def cells(self) -> tuple[str, ...]:
        met = "" if self.met is None else ("yes" if self.met else "NO")
        return (self.what, self.ours, self.limit, self.ratio, self.goal, met)


def ingest_rows(target: str, measured: Ingest, statements: int) -> list[Row]:
    """Speed of loading, and its memory (a goal where the engine is another process)."""
    ours, engine = median(measured.loader), median(measured.engine)
    ratio = measured.ratio
    process = measured.peak.process / 1e6
    worker = measured.peak.largest_worker / 1e6
    has_goal = target == "server"
    return [
        Row(
            f"{target}: loader ingest",
            f"{ours:.2f} s, {statements / ours:,.0f}/s",
            f"{engine:.2f} s, {statements / engine:,.0f}/s (INSERT … SELECT)",
            f"{ratio:.2f}",
            f"≥ {GOALS.ingest_ratio}",
            ratio >= GOALS.ingest_ratio,
        ),
        Row(
            f"{target}: memory of loader ingest",
            f"{process:.0f} MB, largest worker {worker:.0f} MB",
            "" if has_goal else "(with the engine inside)",
            "",
            f"< {GOALS.loader_megabytes:.0f} MB" if has_goal else "",
            process < GOALS.loader_megabytes if has_goal else None,
        ),
    ]


def build_rows(target: str, measured: Builds, slice_statements: int) -> list[Row]:
    """Time of the first build, of increments and of idle runs."""
    full = measured.full.seconds
    increment = _median(measured.increments)
    idle = _median(measured.idle)
    compared = f"{full:.2f} s (first build)"
    is_goal = target == "server"
    return [
        Row(
            f"{target}: dbt run, first build",
            f"{full:.2f} s",
            goal=f"< {GOALS.full_seconds:.0f} s" if is_goal else "",
            met=full < GOALS.full_seconds if is_goal else None,
        ),
        Row(
            f"{target}: dbt run after {slice_statements:,} more",
            f"{increment:.2f} s",
            compared,
            f"{increment / full:.2f}",
            f"≤ {GOALS.increment_ratio}",
            increment / full <= GOALS.increment_ratio,
        ),
        Row(f"{target}: dbt run, nothing new", f"{idle:.2f} s", compared, f"{idle / full:.2f}"),
    ]


def strict_row(seconds: float, statements: int) -> Row:
    """Speed of `loader validate --strict` on one core: statements by processor seconds."""
    rate, goal = statements / seconds, GOALS.strict_rate
    return Row(
        "loader validate --strict",
        f"{rate:,.0f}/s a core",
        goal=f"≥ {goal:,.0f}/s",
        met=rate >= goal,
    )


def help_row(seconds: float) -> Row:
    """Time of `loader --help`."""
    goal = GOALS.help_seconds
    return Row("loader --help", f"{seconds:.2f} s", goal=f"< {goal} s", met=seconds < goal)


def model_rows(target: str, measured: Builds) -> list[tuple[str, ...]]:
    """The slowest models of the first build and of increments: target, run, model, seconds."""
    rows: list[tuple[str, ...]] = []
    for name, runs in (("first build", [measured.full]), ("increment", measured.increments)):
        for model, seconds in slowest(runs, MODELS_SHOWN):
            rows.append((target, name, model, f"{seconds:.2f}"))
    return rows


def terminal_table(rows: list[Row]) -> Table:
    """The figures for a terminal."""
    table = Table(*COLUMNS, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(*row.cells)
    return table


def document(
    machine: list[tuple[str, str]],
    rows: list[Row],
    models: list[tuple[str, ...]],
    statements: int,
    megabytes: float,
) -> str:
    """The text of docs/benchmarks.md."""
    return f"""\
# Benchmarks

Written by `make bench`, which measures us beside the engine's own limit in the same minutes, on
the same machine, with the same files. Only ratios carry over to another machine.

{statements:,} generated statements, {megabytes:,.0f} MB.

{_markdown(COLUMNS, [row.cells for row in rows])}

## How

- `loader ingest` is the whole command, from start to exit, into an empty warehouse. Its limit is
  the engine reading the same file into the same table by itself: `INSERT … SELECT` of each line
  with its id and time taken out, without checking anything. They take turns, three times;
  the medians are compared.
- Memory is the largest resident size of the loader's own process, and of its largest worker.
- `dbt run` is dbt's own elapsed time with 4 threads. The statements after the first build are what
  the same learners do next: ten slices, one `dbt run` each, the median.
- `loader validate --strict` reads the same file; the median of three, by the processor time of the
  command and its workers together, from start to exit.
- `loader --help` is the median of ten.

## Slowest models

{_markdown(("target", "run", "model", "seconds"), models)}

## Machine

{_markdown(("", ""), machine)}
"""


def _median(runs: list[Run]) -> float:
    return median(run.seconds for run in runs)


def _markdown(columns: tuple[str, ...], rows: list[tuple[str, ...]] | list[tuple[str, str]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
