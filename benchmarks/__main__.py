"""`python -m benchmarks`: measure, print the tables, write them to docs/."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Collection

from rich.console import Console

from benchmarks import asking, dashboards, growth, inputs, machine, measure, report
from benchmarks.growth import Size
from benchmarks.inputs import Inputs
from benchmarks.loading import COMPRESSIONS, Loading, in_turns, peak_of_ingest
from benchmarks.shapes import shapes
from benchmarks.target import ROOT, Target, opened_target

STATEMENTS = (1_000_000, 10_000_000)
FOLDER = ROOT / "target" / "benchmarks"
DOCUMENTS = {
    "loading": ROOT / "docs" / "loading-benchmarks.md",
    "reports": ROOT / "docs" / "benchmarks.md",
}
TARGETS = ("server", "embedded")
RUNS = 3  # in turns with the engine


class Benchmark:
    """A run of some parts, and what it has measured so far."""

    def __init__(self, console: Console, parts: Collection[str]) -> None:
        self.console = console
        self.parts = parts
        self.loading: list[report.Row] = []
        self.building: list[report.Row] = []
        self.models: list[tuple[str, ...]] = []
        self.inputs: list[Inputs] = []
        self.sizes: list[Size] = []
        self.engines: dict[str, str] = {}

    def measure_first_size(self, statements: int, names: tuple[str, ...]) -> None:
        """Load in turns with the engine, build, and ask the server."""
        files = self._generate(statements)
        for name in names:
            with opened_target(name, FOLDER / name) as target:
                self.engines[name] = machine.engine_version(target)
                if target.server and "loading" in self.parts:
                    self._load_odd_shapes(target)
                loaded = self._load_each_kind(target, files, RUNS)
                if "reports" in self.parts:
                    built = self._build(target, files)
                    self.building += report.build_rows(name, built)
                    self.models += report.model_rows(name, built)
                    if target.server:
                        self._ask(target, files, loaded, built)
                if "loading" in self.parts and name == names[-1]:
                    self._say("loader validate --strict …")
                    strict = measure.seconds_of_strict_validation(target, files)
                    self.loading.append(report.strict_row(strict, statements))
                    self.loading.append(report.help_row(measure.seconds_of_help(target)))

    def measure_larger_size(self, statements: int, names: tuple[str, ...]) -> None:
        """Load once in turns with the engine; build on the server, and ask it."""
        files = self._generate(statements)
        for name in reversed(names if "loading" in self.parts else ("server",)):
            with opened_target(name, FOLDER / name) as target:
                loaded = self._load_each_kind(target, files, runs=1)
                if target.server and "reports" in self.parts:
                    self._ask(target, files, loaded, self._build(target, files))

    def _load_each_kind(self, target: Target, files: Inputs, runs: int) -> Loading:
        """The loading of the plain file, which stays loaded."""
        if "loading" not in self.parts:
            return self._load(target, files, "plain", runs=1)
        return [self._load(target, files, kind, runs) for kind in COMPRESSIONS][-1]

    def _load(self, target: Target, files: Inputs, kind: str, runs: int) -> Loading:
        statements = files.statements
        self._say(f"{target.name}: loading {statements:,} statements, {kind} …")
        file = inputs.compressed(files.history, kind)
        loaded = in_turns(target, file, kind, statements, runs)
        rows = report.loading_rows(target.name, kind, loaded, statements)
        if kind == "plain":
            rows.append(report.memory_row(target.name, f"{statements:,} statements", loaded.peak))
        for row in rows:
            self._say("  " + "  ".join(row.cells))
        self.loading += rows
        return loaded

    def _load_odd_shapes(self, target: Target) -> None:
        with shapes(FOLDER / "shapes") as given:
            for shape in given:
                self._say(f"{target.name}: loading {shape.what} …")
                peak = peak_of_ingest(target, [shape.argument], shape.lines)
                self.loading.append(report.memory_row(target.name, shape.what, peak))

    def _generate(self, statements: int) -> Inputs:
        self._say(f"Generating {statements:,} statements and what comes after …")
        self.inputs.append(inputs.generate(FOLDER / "input", statements))
        return self.inputs[-1]

    def _build(self, target: Target, files: Inputs) -> measure.Builds:
        self._say(f"{target.name}: building the reports …")
        built = measure.builds(target, files)
        for name, runs_of in growth.RUNS.items():
            elapsed = ", ".join(f"{run.seconds:.2f} s" for run in runs_of(built))
            self._say(f"  {name}: {elapsed}")
        return built

    def _ask(self, target: Target, files: Inputs, loaded: Loading, built: measure.Builds) -> None:
        self._say(f"{target.name}: asking questions …")
        answers = asking.ask_all(target)
        self._say(f"{target.name}: opening dashboards …")
        opened = dashboards.open_all(target, answers.chosen)
        self.sizes.append(Size(files, loaded, built, answers, opened, measure.disk(target)))
        for one in growth.figures(self.sizes):
            self._say("  " + "  ".join(one.cells))

    def _say(self, text: str) -> None:
        self.console.print(text)


def main() -> None:
    """Run what the options ask for. A document is written by a whole run of its part only."""
    options = _options()
    names = TARGETS if options.target == "both" else (options.target,)
    parts = [options.only] if options.only else list(DOCUMENTS)
    console = Console(width=160, highlight=False)
    load_before = os.getloadavg()[0]
    benchmark = Benchmark(Console(stderr=True, highlight=False), parts)
    first, *larger = options.statements
    try:
        benchmark.measure_first_size(first, names)
        for statements in larger:
            benchmark.measure_larger_size(statements, names)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)

    facts = machine.describe(benchmark.engines, load_before)
    for fact in facts:
        console.print(f"{fact[0]}: {fact[1]}")
    rows = benchmark.loading + benchmark.building
    for columns, cells in report.tables(rows, benchmark.models, benchmark.sizes):
        console.print(report.terminal_table(columns, cells))
    is_whole = tuple(options.statements) == STATEMENTS and names == TARGETS
    for part in parts:
        where = DOCUMENTS[part].relative_to(ROOT)
        if is_whole:
            DOCUMENTS[part].write_text(_document(part, benchmark, facts), encoding="utf-8")
        console.print(f"Written to {where}." if is_whole else f"Not all of it: {where} stays.")


def _document(part: str, benchmark: Benchmark, facts: list[tuple[str, str]]) -> str:
    if part == "loading":
        return report.loading_document(facts, benchmark.loading, benchmark.inputs)
    return report.document(facts, benchmark.building, benchmark.models, benchmark.sizes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--statements",
        type=int,
        nargs="+",
        default=STATEMENTS,
        metavar="N",
        help="first size, and larger ones, which are built on the server alone",
    )
    parser.add_argument("--target", choices=(*TARGETS, "both"), default="both")
    parser.add_argument("--only", choices=tuple(DOCUMENTS), help="this part alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
