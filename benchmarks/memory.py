"""How much memory commands take, with the processes they start, and the server meanwhile."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.2


@dataclass
class Peak:
    """Largest resident memory in bytes, as the kernel keeps it (VmHWM).

    `together` is that of the process and all its workers, as they shared it at one time: what
    several of them use counts once (Pss).
    """

    process: int = 0
    largest_worker: int = 0
    together: int = 0


def watch(process: subprocess.Popen[str]) -> tuple[str, str, Peak]:
    """Output, errors and peak memory of a process, which is awaited."""
    peak = Peak()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            peak.process = max(peak.process, _peak_of(process.pid))
            workers = _descendants(process.pid)
            for child in workers:
                peak.largest_worker = max(peak.largest_worker, _peak_of(child))
            together = sum(_share_of(pid) for pid in (process.pid, *workers))
            peak.together = max(peak.together, together)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    output, errors = process.communicate()
    ended.set()
    watcher.join()
    return output, errors, peak


def forget_peaks() -> None:
    """Let the kernel's record of the largest size of what we started begin anew."""
    for pid in _descendants(os.getpid()):
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_of_server() -> int:
    """Largest resident memory in bytes since `forget_peaks` of what we started and still runs.

    When commands have ended, that is the server.
    """
    return max((_peak_of(pid) for pid in _descendants(os.getpid())), default=0)


def _descendants(pid: int) -> list[int]:
    children = _children(pid)
    return children + [one for child in children for one in _descendants(child)]


def _peak_of(pid: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) * 1024 if found else 0


def _share_of(pid: int) -> int:
    try:
        found = re.search(r"Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:
        return 0
    return int(found.group(1)) * 1024 if found else 0


def _children(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return [
            int(child) for thread in threads for child in (thread / "children").read_text().split()
        ]
    except OSError:
        return []
