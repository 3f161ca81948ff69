"""The figures as tables, at the terminal and in docs/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks import growth
from benchmarks.growth import Size
from benchmarks.inputs import Inputs
from benchmarks.loading import Loading
from benchmarks.measure import Builds, Run, slowest
from benchmarks.memory import Peak

MODELS_SHOWN = 6
MODEL_COLUMNS = ("target", "run", "model", "seconds")
COLUMNS = ("what", "ours", "limit", "ratio", "goal", "met")


@dataclass(frozen=True)
class Goals:
    """What issue and README promise."""

    ingest_ratio: float = 0.7
    faster_again: float = 3
    loader_megabytes: float = 400
    full_seconds: float = 10
    increment_ratio: float = 0.4
    strict_rate: float = 40_000
    help_seconds: float = 0.3


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


def loading_rows(target: str, kind: str, measured: Loading, statements: int) -> list[Row]:
    """Speed of loading a file, by how it is compressed, and of loading it again."""
    ours, engine, again = map(median, (measured.loader, measured.engine, measured.again))
    ratio, faster = measured.ratio, measured.faster_again
    what = f"{target}: {statements:,} statements, {kind}"
    return [
        Row(
            f"{what}: loader ingest",
            f"{ours:.2f} s, {statements / ours:,.0f}/s",
            f"{engine:.2f} s, {statements / engine:,.0f}/s (INSERT … SELECT)",
            f"{ratio:.2f}",
            f"≥ {GOALS.ingest_ratio}",
            ratio >= GOALS.ingest_ratio,
        ),
        Row(
            f"{what}: the same file again",
            f"{again:.2f} s, {statements / again:,.0f}/s",
            f"{ours:.2f} s (first load)",
            f"{faster:.1f} times",
            f"≥ {GOALS.faster_again:.0f} times",
            faster >= GOALS.faster_again,
        ),
    ]


def memory_row(target: str, what: str, peak: Peak) -> Row:
    """Memory of loading, with a goal where the engine is another process."""
    has_goal = target == "server"
    together = peak.together / 1e6
    return Row(
        f"{target}: memory of loader ingest, {what}",
        f"{together:.0f} MB in all; the command {peak.process / 1e6:.0f} MB, "
        f"largest worker {peak.largest_worker / 1e6:.0f} MB",
        "" if has_goal else "(with the engine inside)",
        "",
        f"< {GOALS.loader_megabytes:.0f} MB" if has_goal else "",
        together < GOALS.loader_megabytes if has_goal else None,
    )


def build_rows(target: str, measured: Builds) -> list[Row]:
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
            f"{target}: dbt run after 10,000 more",
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


def tables(
    rows: list[Row], models: list[tuple[str, ...]], sizes: Sequence[Size]
) -> list[tuple[Sequence[str], Sequence[Sequence[str]]]]:
    """Heads and rows of every table; those of models and sizes if there are any."""
    found: list[tuple[Sequence[str], Sequence[Sequence[str]]]] = [
        (COLUMNS, [row.cells for row in rows]),
    ]
    if models:
        found.append((MODEL_COLUMNS, models))
    if sizes:
        found += [
            (growth.columns(sizes), [one.cells for one in growth.figures(sizes)]),
            (growth.question_columns(sizes), growth.question_rows(sizes)),
            (growth.dashboard_columns(sizes), growth.dashboard_rows(sizes)),
            (growth.model_columns(sizes), growth.model_rows(sizes)),
        ]
    return found


def terminal_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Rows for a terminal."""
    table = Table(*columns, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(*row)
    return table


def loading_document(
    machine: list[tuple[str, str]], rows: list[Row], inputs: Sequence[Inputs]
) -> str:
    """Loading beside the engine, of `inputs` of each size; memory, validation, start-up."""
    first, last = inputs[0], inputs[-1]
    return f"""\
# Benchmarks of loading

Written by `make bench`, which measures us beside the engine's own limit in the same minutes, on
the same machine, with the same files. Only ratios carry over to another machine. What comes after
loading is in [benchmarks.md](benchmarks.md).

Generated statements: {first.statements:,} of {first.megabytes:,.0f} MB, and
{last.statements:,} of {last.megabytes:,.0f} MB.

{_markdown(COLUMNS, [row.cells for row in rows])}

## How

- `loader ingest` is the whole command, from start to exit, into an empty warehouse. Its limit is
  the engine reading the same file into the same table by itself: `INSERT … SELECT` of each line
  with its id and time taken out, without checking anything. They take turns, three times; the
  medians are compared. With {last.statements:,} statements that is done once, which takes long
  enough. The same command then runs again, with the file that is there already.
- Files are compressed with gzip, level 6, and zstd, level 3; the engine reads them by
  `file(…, 'LineAsString', 'auto', 'gz')` and so on. Where the time of loading goes is in
  [loading-speed.md](loading-speed.md).
- Memory is the largest resident size of the loader's own process and of its largest worker, and of
  all of them together at one time, where what they share counts once.
- `loader validate --strict` reads the same file; the median of three, by the processor time of the
  command and its workers together, from start to exit.
- `loader --help` is the median of ten.

## Machine

{_markdown(("", ""), machine)}
"""


def document(
    machine: list[tuple[str, str]],
    rows: list[Row],
    models: list[tuple[str, ...]],
    sizes: Sequence[Size],
) -> str:
    """Building and asking; the first of `sizes` is that of `rows` and `models`."""
    first, last = sizes[0], sizes[-1]
    return f"""\
# Benchmarks

Written by `make bench`: what it takes to build the reports, to keep them up to date, and to ask
them. Only ratios carry over to another machine. Loading is in
[loading-benchmarks.md](loading-benchmarks.md).

## The first size

{first.statements:,} generated statements, {first.inputs.megabytes:,.0f} MB, on both engines.

{_markdown(COLUMNS, [row.cells for row in rows])}

## As the warehouse grows

On the server, with {first.statements:,} statements and with {last.statements:,}. Growth is the last
number by the first.

{_markdown(growth.columns(sizes), [one.cells for one in growth.figures(sizes)])}

## How

- `dbt run` is dbt's own elapsed time with 4 threads, for every model. Its memory is the largest
  resident size of the server meanwhile.
- What comes after the first build are evenings, one `dbt run` each; their median counts. An evening
  is 10,000 statements of one day after 17:00, by {first.inputs.learners} or {last.inputs.learners}
  learners. One in a hundred of them happened 30 days before. On nothing new dbt runs three times.
- Rows read are what the engine counted in `system.query_log`, for all queries of a run or of a
  model; memory beside a model is the most that one of its queries took.
- Questions are those of [benchmarks/questions](../benchmarks/questions), which dashboards ask, and
  all columns of each view `rpt_…`, worked out and not sent. Each is asked over HTTP, once to warm
  up and five times, as long as that takes less than 20 s together; the server's own times count,
  their median. The one course is the largest, with
  {first.answers.chosen.statements:,} and {last.answers.chosen.statements:,} statements.
- Charts ask what Superset makes of them ([benchmarks/charts](../benchmarks/charts)), about the same
  course and, on the dashboards of a learner, about who does most in it. First each dashboard is
  opened cold: the server drops its caches, and all charts of all tabs are asked, six at once; the
  time until the last has its rows counts. What the kernel keeps of files is not dropped, and
  Superset's own time is not in it. Then each chart is asked by itself, as questions are.
- Bytes on disk are those of active parts when all that is done, divided by the statements of the
  history; raw is `xapi.xapi_events_all` alone.

## Slowest questions

{_markdown(growth.question_columns(sizes), growth.question_rows(sizes))}

## Dashboards

All charts of a dashboard, on all its tabs, about the same course.

{_markdown(growth.dashboard_columns(sizes), growth.dashboard_rows(sizes))}

## Models on the server

{_markdown(growth.model_columns(sizes), growth.model_rows(sizes))}

## Slowest models with {first.statements:,} statements

{_markdown(MODEL_COLUMNS, models)}

## Machine

{_markdown(("", ""), machine)}
"""


def _median(runs: list[Run]) -> float:
    return median(run.seconds for run in runs)


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---" for _ in columns], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
