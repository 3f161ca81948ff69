"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from benchmarks.target import Target

PACKAGES = ("chdb", "clickhouse-connect", "dbt-core", "dbt-clickhouse")


def describe(engines: dict[str, str], load_before: float) -> list[tuple[str, str]]:
    """Facts about this machine, by name; `engines` are versions by target.

    `load_before` says how busy it was with other work (processes waiting or running).
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        ("Date", f"{datetime.now(timezone.utc):%Y-%m-%d}"),
        ("Processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("Memory", f"{memory:.0f} GiB"),
        ("Other work", f"{load_before:.1f} processes on average in the minute before"),
        ("System", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("Packages", packages),
        ("ClickHouse", ", ".join(f"{name} {number}" for name, number in engines.items())),
    ]


def engine_version(target: Target) -> str:
    """The version of ClickHouse that the target runs."""
    return target.query("SELECT version()").splitlines()[0]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
