"""`python -m tests.fuzz readers|validation [CORPUS] [-max_total_time=SECONDS …]`, of libFuzzer.

It needs atheris, which is no dependency. What it finds becomes a case in
tests/unit/test_fuzz_finds.py.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["loader"]):
    from tests.fuzz.targets import judge_anything, read_anything


def main() -> None:
    target, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        file = Path(folder) / "input"
        targets = {
            "readers": lambda data: read_anything(data, file),
            "validation": judge_anything,
        }
        atheris.Setup([target, *arguments], targets[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
