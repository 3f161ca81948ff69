"""What is measured with: a history of statements, and what comes after it in slices."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.target import BIN

SLICES = 10
SEED = 1


@dataclass(frozen=True)
class Inputs:
    """Files of statements, one a line, and the dumps of their platform."""

    history: Path
    slices: list[Path]
    folder: Path

    @property
    def dumps(self) -> list[Path]:
        """CSV files named for their tables."""
        return sorted(self.folder.glob("*.csv"))

    @property
    def megabytes(self) -> float:
        """Size of the history."""
        return self.history.stat().st_size / 1e6


def generate(folder: Path, statements: int, slice_statements: int) -> Inputs:
    """Statements of one platform in order of time; the last ones are the slices.

    So a slice is what the same learners do next, as in daily work.
    """
    shutil.rmtree(folder, ignore_errors=True)
    total = statements + SLICES * slice_statements
    arguments = ["--statements", str(total), "--seed", str(SEED)]
    subprocess.run(
        [BIN / "loader", "generate", str(folder), *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    history = folder / "history.jsonl"
    slices = [folder / f"slice-{number}.jsonl" for number in range(SLICES)]
    whole = folder / "statements.jsonl"
    with whole.open("rb") as lines:
        _write(history, itertools.islice(lines, statements))
        for file in slices:
            _write(file, itertools.islice(lines, slice_statements))
    whole.unlink()
    return Inputs(history, slices, folder)


def _write(file: Path, lines: itertools.islice[bytes]) -> None:
    with file.open("wb") as output:
        output.writelines(lines)
