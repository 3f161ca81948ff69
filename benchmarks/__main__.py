"""`python -m benchmarks`: measure, print the table, write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import shutil

from rich.console import Console

from benchmarks import inputs, machine, measure, report
from benchmarks.target import ROOT, opened_target

STATEMENTS = 1_000_000
SLICE_STATEMENTS = 10_000
FOLDER = ROOT / "target" / "benchmarks"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
TARGETS = ("server", "embedded")


def main() -> None:
    """Run what the options ask for. The document is written by a whole run only."""
    options = _options()
    names = TARGETS if options.target == "both" else (options.target,)
    console = Console(width=140, highlight=False)
    say = Console(stderr=True, highlight=False).print

    load_before = os.getloadavg()[0]
    say(f"Generating {options.statements:,} statements and what comes after …")
    files = inputs.generate(FOLDER / "input", options.statements, SLICE_STATEMENTS)
    rows: list[report.Row] = []
    models: list[tuple[str, ...]] = []
    engines = {}
    for name in names:
        with opened_target(name, FOLDER / name) as target:
            engines[name] = machine.engine_version(target)
            say(f"{name}: loading in turns with the engine …")
            loaded = measure.ingest(target, files, options.statements)
            rows += report.ingest_rows(name, loaded, options.statements)
            say(f"{name}: building the reports …")
            built = measure.builds(target, files)
            rows += report.build_rows(name, built, SLICE_STATEMENTS)
            models += report.model_rows(name, built)
            if name == names[-1]:
                say("loader validate --strict …")
                strict = measure.seconds_of_strict_validation(target, files, options.statements)
                rows.append(report.strict_row(strict, options.statements))
                rows.append(report.help_row(measure.seconds_of_help(target)))

    facts = machine.describe(engines, load_before)
    for fact in facts:
        console.print(f"{fact[0]}: {fact[1]}")
    console.print(report.terminal_table(rows))
    for line in models:
        console.print("  ".join(line))
    if options.statements == STATEMENTS and names == TARGETS:
        text = report.document(facts, rows, models, options.statements, files.megabytes)
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(text, encoding="utf-8")
        console.print(f"Written to {DOCUMENT.relative_to(ROOT)}.")
    else:
        console.print(f"Not a whole run: {DOCUMENT.relative_to(ROOT)} stays as it is.")
    shutil.rmtree(FOLDER)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--statements", type=int, default=STATEMENTS, metavar="N")
    parser.add_argument("--target", choices=(*TARGETS, "both"), default="both")
    return parser.parse_args()


if __name__ == "__main__":
    main()
