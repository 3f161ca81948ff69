"""Inputs whose shape, not size, might exhaust memory: tiny or huge lines, rejects, many files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

TINY_LINES = 3_000_000
HUGE_LINES = 20
HUGE_BYTES = 12_000_000
REJECTED_LINES = 300_000
REJECTED_BYTES = 1_200
FILES = 300
LINES_OF_FILE = 10


@dataclass(frozen=True)
class Shape:
    """What `loader ingest` is given, and how many lines there are in all."""

    what: str
    argument: Path
    lines: int


@contextmanager
def shapes(folder: Path) -> Iterator[list[Shape]]:
    """Inputs in `folder`, which goes with the block."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "files").mkdir(parents=True)
    tiny, huge = folder / "tiny.jsonl", folder / "huge.jsonl"
    rejected = folder / "rejected.jsonl"
    tiny.write_bytes(b"{}\n" * TINY_LINES)
    with huge.open("wb") as file:
        file.writelines(_line(number, HUGE_BYTES) for number in range(HUGE_LINES))
    with rejected.open("wb") as file:
        of_no_verb = b'{"id": %d, "text": "' + b"x" * REJECTED_BYTES + b'"}\n'
        file.writelines(of_no_verb % number for number in range(REJECTED_LINES))
    for number in range(FILES):
        first = (number + 1) * 1_000
        lines = [_line(first + line, 1_000) for line in range(LINES_OF_FILE)]
        (folder / "files" / f"{number}.jsonl").write_bytes(b"".join(lines))
    yield [
        Shape(f"{TINY_LINES:,} lines of 2 bytes", tiny, TINY_LINES),
        Shape(f"{HUGE_LINES} lines of {HUGE_BYTES / 1e6:.0f} MB", huge, HUGE_LINES),
        Shape(f"{REJECTED_LINES:,} lines, all rejected", rejected, REJECTED_LINES),
        Shape(f"{FILES:,} files", folder / "files", FILES * LINES_OF_FILE),
    ]
    shutil.rmtree(folder)


def _line(number: int, size: int) -> bytes:
    statement = {
        "id": str(UUID(int=number)),
        "actor": {"mbox": "mailto:learner@example.com"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
        "object": {"id": "https://lms.example.com/problem"},
        "timestamp": "2026-03-01T10:00:00Z",
        "result": {"response": "x" * size},
    }
    return json.dumps(statement).encode() + b"\n"
