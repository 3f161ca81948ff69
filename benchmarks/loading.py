"""Loading beside the engine's own INSERT … SELECT of the same file."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.memory import Peak, watch
from benchmarks.target import Target

# How a file is compressed, as the engine's table function `file` calls it. The plain file comes
# last: it is the one that stays loaded.
COMPRESSIONS = {"gzip": "gz", "zstd": "zstd", "plain": "none"}


@dataclass
class Loading:
    """Seconds of whole `loader ingest` commands, and of the engine's own inserts."""

    loader: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)  # of the same file, which is there already
    engine: list[float] = field(default_factory=list)
    peak: Peak = field(default_factory=Peak)

    @property
    def ratio(self) -> float:
        """Our speed as a share of the engine's."""
        return median(self.engine) / median(self.loader)

    @property
    def faster_again(self) -> float:
        """How many times as fast a file is loaded that is there already."""
        return median(self.loader) / median(self.again)


def in_turns(target: Target, file: Path, kind: str, statements: int, runs: int) -> Loading:
    """Load a file into a new warehouse in turns with the engine, and then once more.

    It stays loaded. RuntimeError if not every line landed, or landed twice.
    """
    measured = Loading()
    for _ in range(runs):
        target.make_anew()
        measured.engine.append(target.seconds_of_engine_insert(file, COMPRESSIONS[kind]))
        _require(target.statements() == statements, "the engine did not load every line")
        target.make_anew()
        with _timed(measured.loader):
            counts = _ingest(target, file, peak=measured.peak)
        _require(counts["landed"] == statements, "the loader did not land every line")
        with _timed(measured.again):
            counts = _ingest(target, file, peak=measured.peak)
        _require(counts["duplicates"] == statements, "the loader did not know every line")
        _require(target.statements() == statements, "the loader landed a line twice")
    return measured


def peak_of_ingest(target: Target, arguments: list[Path], lines: int) -> Peak:
    """The memory of `loader ingest` of files with so many lines, into a new warehouse."""
    target.make_anew()
    peak = Peak()
    counts = _ingest(target, *arguments, peak=peak)
    _require(counts["lines"] == lines, f"the loader saw {counts['lines']} lines of {lines}")
    return peak


def _ingest(target: Target, *files: Path, peak: Peak) -> dict[str, int]:
    process = target.start("loader", "ingest", "--json", *map(str, files))
    output, errors, seen = watch(process)
    # 3: some lines were rejected.
    _require(process.returncode in (0, 3), f"loader ingest failed: {errors}")
    peak.process = max(peak.process, seen.process)
    peak.largest_worker = max(peak.largest_worker, seen.largest_worker)
    peak.together = max(peak.together, seen.together)
    counts: dict[str, int] = json.loads(output)
    return counts


@contextmanager
def _timed(seconds: list[float]) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - begun)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)
