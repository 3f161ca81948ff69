"""The command `loader` in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOADER = Path(sys.executable).with_name("loader")


@dataclass
class Command:
    """The real `loader` command, as its users run it."""

    environment: dict[str, str]
    folder: Path  # where it runs
    program: tuple[str, ...] = (str(LOADER),)

    def __call__(
        self, *arguments: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        done = subprocess.run(
            [*self.program, *arguments],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=self.surroundings | dict(variables or {}),
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin it, in a session of its own as at a terminal; its pipes are the caller's."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*self.program, *arguments],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=self.folder,
            env=self.surroundings,
            start_new_session=True,
        )

    @property
    def surroundings(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "100"} | self.environment


def counts_of(output: str) -> dict[str, int]:
    """The counts of `--json`, which is one line."""
    assert output.count("\n") == 1
    told: dict[str, Any] = json.loads(output)
    return {name: told[name] for name in ("lines", "landed", "duplicates", "conflicts", "rejected")}
