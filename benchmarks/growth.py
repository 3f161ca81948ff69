"""How the server's figures grow with the statements: one column a size, and their growth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.asking import Answers, Asked
from benchmarks.dashboards import Dashboards
from benchmarks.figures import Figure, count, megabytes, milliseconds, seconds
from benchmarks.inputs import Inputs
from benchmarks.loading import Loading
from benchmarks.measure import Builds, Disk, Run
from benchmarks.query_log import Cost

SLOWEST_SHOWN = 10
# Models that read fewer rows are views, which read nothing when they are made.
ROWS_SHOWN = 1000
# Of one course at the first size, and at larger ones; of all courses at any.
COURSE_MILLISECONDS = (100, 250)
ALL_MILLISECONDS = 1000
COURSE_MEMORY = 500e6
CHART_MILLISECONDS = 200  # of the middle one of all charts
SLOWEST_CHART_MILLISECONDS = 1000
DASHBOARD_SECONDS = 3  # all charts of a dashboard at once, cold


@dataclass(frozen=True)
class Size:
    """Everything measured on a server with these statements."""

    inputs: Inputs
    loaded: Loading
    built: Builds
    answers: Answers
    dashboards: Dashboards
    disk: Disk

    @property
    def statements(self) -> int:
        """How many statements there were at first."""
        return self.inputs.statements


def columns(sizes: Sequence[Size]) -> tuple[str, ...]:
    """The heads of a table of figures."""
    return ("what", *(f"{size.statements:,}" for size in sizes), "growth", "goal", "met")


def figures(sizes: Sequence[Size]) -> list[Figure]:
    """What matters of loading, building, asking, dashboards and storing."""
    return [
        *_of_building(sizes),
        *_of_asking(sizes),
        *_of_dashboards(sizes),
        *_of_storing(sizes),
    ]


def model_columns(sizes: Sequence[Size]) -> tuple[str, ...]:
    """The heads of the table of models."""
    parts = ("seconds", "rows read", "memory")
    return ("run", "model", *(f"{size.statements:,}: {part}" for size in sizes for part in parts))


def model_rows(sizes: Sequence[Size]) -> list[tuple[str, ...]]:
    """Each run and each model that reads many rows in it: seconds, rows, memory; slowest first."""
    rows = []
    for name, runs_of in RUNS.items():
        of_sizes = [runs_of(size.built) for size in sizes]
        for model in _reading_models(of_sizes[-1]):
            cells = [cell for runs in of_sizes for cell in _model_cells(runs, model)]
            rows.append((name, model or "(no model)", *cells))
    return rows


def question_columns(sizes: Sequence[Size]) -> tuple[str, ...]:
    """The heads of the table of questions."""
    parts = ("ms", "rows read", "memory")
    return (
        "question or report",
        "of",
        *(f"{size.statements:,}: {part}" for size in sizes for part in parts),
        "met",
    )


def question_rows(sizes: Sequence[Size]) -> list[tuple[str, ...]]:
    """The slowest questions of one course and of all, and all that miss a goal."""
    rows = []
    for of_one_course in (True, False):
        asked = [_by_name(size, of_one_course) for size in sizes]
        slowest = sorted(asked[-1], key=lambda name: -asked[-1][name].milliseconds)
        for place, name in enumerate(slowest):
            ones = [by_name[name] for by_name in asked]
            met = all(_meets(one, number) for number, one in enumerate(ones))
            if place < SLOWEST_SHOWN or not met:
                cells = [cell for one in ones for cell in _question_cells(one)]
                of = "one course" if of_one_course else "all courses"
                rows.append((name, of, *cells, "yes" if met else "NO"))
    return rows


def dashboard_columns(sizes: Sequence[Size]) -> tuple[str, ...]:
    """The heads of the table of dashboards."""
    parts = ("all at once, cold", "slowest chart", "ms")
    return (
        "dashboard",
        "charts",
        *(f"{size.statements:,}: {part}" for size in sizes for part in parts),
        "met",
    )


def dashboard_rows(sizes: Sequence[Size]) -> list[tuple[str, ...]]:
    """Each dashboard, the slowest first: how long all its charts take, and the slowest of them."""
    rows = []
    last = sizes[-1].dashboards
    for board in sorted(last.opened, key=lambda one: -one.seconds):
        cells = []
        is_met = True
        for size in sizes:
            opened = next(one for one in size.dashboards.opened if one.dashboard == board.dashboard)
            slowest = max(
                (one for one in size.dashboards.asked if one.name in opened.charts),
                key=lambda one: one.milliseconds,
            )
            cells += [seconds(opened.seconds), slowest.name, f"{slowest.milliseconds:.0f}"]
            is_met &= opened.seconds < DASHBOARD_SECONDS
            is_met &= slowest.milliseconds < SLOWEST_CHART_MILLISECONDS
        rows.append((board.dashboard, str(len(board.charts)), *cells, "yes" if is_met else "NO"))
    return rows


def _of_building(sizes: Sequence[Size]) -> list[Figure]:
    built = [size.built for size in sizes]
    return [
        Figure("loader ingest", [median(size.loaded.loader) for size in sizes], seconds),
        Figure("dbt run, first build", [one.full.seconds for one in built], seconds, (10,), 9),
        Figure(
            "… memory of the server at most",
            [one.full.server_memory for one in built],
            megabytes,
            (8e9, 8e9),
        ),
        Figure(
            "dbt run after an evening of 10,000",
            [_median(one.increments, _elapsed) for one in built],
            seconds,
            (10, 10),
            1.5,
        ),
        Figure("… rows read", [_median(one.increments, _rows) for one in built], count),
        Figure(
            "… memory of a query", [_median(one.increments, _memory) for one in built], megabytes
        ),
        Figure(
            "dbt run, nothing new", [_median(one.idle, _elapsed) for one in built], seconds, (6, 6)
        ),
        Figure("… rows read", [_median(one.idle, _rows) for one in built], count),
    ]


def _of_asking(sizes: Sequence[Size]) -> list[Figure]:
    of_one = [[one for one in size.answers.asked if one.of_one_course] for size in sizes]
    of_all = [[one for one in size.answers.asked if not one.of_one_course] for size in sizes]
    return [
        Figure(
            "slowest question of one course",
            [max(one.milliseconds for one in asked) for asked in of_one],
            milliseconds,
            COURSE_MILLISECONDS,
        ),
        Figure(
            "slowest question of all courses",
            [max(one.milliseconds for one in asked) for asked in of_all],
            milliseconds,
            (ALL_MILLISECONDS, ALL_MILLISECONDS),
        ),
        Figure(
            "memory of a question of one course at most",
            [max(one.memory for one in asked) for asked in of_one],
            megabytes,
            (COURSE_MEMORY, COURSE_MEMORY),
        ),
        Figure(
            "memory of a question of all courses at most",
            [max(one.memory for one in asked) for asked in of_all],
            megabytes,
        ),
    ]


def _of_dashboards(sizes: Sequence[Size]) -> list[Figure]:
    opened = [size.dashboards for size in sizes]
    limits = ((CHART_MILLISECONDS,), (SLOWEST_CHART_MILLISECONDS,), (DASHBOARD_SECONDS,))
    middle, slowest, together = (one * len(opened) for one in limits)
    return [
        Figure(
            "query of a chart, of one course: the median",
            [one.median for one in opened],
            milliseconds,
            middle,
        ),
        Figure("… the slowest", [one.slowest for one in opened], milliseconds, slowest),
        Figure(
            "all charts of a dashboard at once, cold: the slowest",
            [max(board.seconds for board in one.opened) for one in opened],
            seconds,
            together,
        ),
    ]


def _of_storing(sizes: Sequence[Size]) -> list[Figure]:
    raw = [size.disk.raw / size.statements for size in sizes]
    total = [size.disk.total / size.statements for size in sizes]
    return [
        Figure("bytes on disk a statement, raw", raw, count),
        Figure("… of all tables", total, count),
        Figure(
            "… of all tables by raw",
            [whole / part for whole, part in zip(total, raw, strict=True)],
            lambda ratio: f"{ratio:.2f}",
            (2, 2),
        ),
    ]


RUNS: dict[str, Callable[[Builds], list[Run]]] = {
    "first build": lambda built: [built.full],
    "evening": lambda built: built.increments,
    "nothing new": lambda built: built.idle,
}
NO_COST = Cost(0, 0)


def _reading_models(runs: list[Run]) -> list[str]:
    """Models that read many rows, and '' for what is no model's, slowest first."""
    models = {model for run in runs for model, cost in run.costs.items() if cost.rows >= ROWS_SHOWN}
    return sorted(models, key=lambda model: -_seconds_of(runs, model))


def _model_cells(runs: list[Run], model: str) -> tuple[str, str, str]:
    return (
        f"{_seconds_of(runs, model):.2f}",
        count(_median(runs, lambda run: run.costs.get(model, NO_COST).rows)),
        megabytes(_median(runs, lambda run: run.costs.get(model, NO_COST).memory)),
    )


def _seconds_of(runs: list[Run], model: str) -> float:
    return _median(runs, lambda run: run.models.get(model, 0.0))


def _by_name(size: Size, of_one_course: bool) -> dict[str, Asked]:
    return {one.name: one for one in size.answers.asked if one.of_one_course == of_one_course}


def _meets(one: Asked, size: int) -> bool:
    if not one.of_one_course:
        return one.milliseconds < ALL_MILLISECONDS
    limit = COURSE_MILLISECONDS[min(size, len(COURSE_MILLISECONDS) - 1)]
    return one.milliseconds < limit and one.memory < COURSE_MEMORY


def _question_cells(one: Asked) -> tuple[str, str, str]:
    return f"{one.milliseconds:.0f}", count(one.rows), megabytes(one.memory)


def _median(runs: list[Run], number: Callable[[Run], float]) -> float:
    return median(number(run) for run in runs)


def _elapsed(run: Run) -> float:
    return run.seconds


def _rows(run: Run) -> float:
    return run.rows


def _memory(run: Run) -> float:
    return run.memory
