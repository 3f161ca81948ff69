"""What is measured with: a history of statements, and the evenings that come after it."""

from __future__ import annotations

import gzip
import itertools
import shutil
import subprocess
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import zstandard

from benchmarks.evenings import evenings, learners
from benchmarks.target import BIN

EVENINGS = 5
GZIP_LEVEL = 6  # as the program has it
ZSTD_LEVEL = 3
# What the platform goes on to do: the evenings are taken from it.
AFTER_HISTORY = 200_000
SEED = 1


@dataclass(frozen=True)
class Inputs:
    """Files of statements, one a line, and the dumps of their platform."""

    statements: int
    history: Path
    megabytes: float  # size of the history
    evenings: list[Path]
    learners: int  # of the first evening
    folder: Path

    @property
    def dumps(self) -> list[Path]:
        """CSV files named for their tables."""
        return sorted(self.folder.glob("*.csv"))


def generate(folder: Path, statements: int) -> Inputs:
    """A history of so many statements, and evenings of the same learners after it."""
    shutil.rmtree(folder, ignore_errors=True)
    arguments = ["--statements", str(statements + AFTER_HISTORY), "--seed", str(SEED)]
    subprocess.run(
        [BIN / "loader", "generate", str(folder), *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    history = folder / "statements.jsonl"
    after = evenings(_cut(history, statements), EVENINGS)
    files = [folder / f"evening-{number}.jsonl" for number in range(EVENINGS)]
    for file, lines in zip(files, after, strict=True):
        file.write_bytes(b"".join(lines))
    megabytes = history.stat().st_size / 1e6
    return Inputs(statements, history, megabytes, files, learners(after[0]), folder)


def compressed(file: Path, kind: str) -> Path:
    """The file compressed as gzip or zstd, beside it, made when first asked for; or "plain"."""
    if kind == "plain":
        return file
    packed = file.with_name(file.name + {"gzip": ".gz", "zstd": ".zst"}[kind])
    if packed.exists():
        return packed
    with file.open("rb") as plain, packed.open("wb") as written:
        if kind == "gzip":
            with gzip.GzipFile(fileobj=written, mode="wb", compresslevel=GZIP_LEVEL) as zipped:
                shutil.copyfileobj(plain, zipped, 1024 * 1024)
        else:
            zstandard.ZstdCompressor(ZSTD_LEVEL).copy_stream(plain, written)
    return packed


def _cut(file: Path, lines: int) -> list[bytes]:
    """Leave so many lines in the file, and return the others. It is too large to copy."""
    with file.open("r+b") as opened:
        deque(itertools.islice(opened, lines), maxlen=0)
        end = opened.tell()
        others = opened.readlines()
        opened.truncate(end)
    return others
