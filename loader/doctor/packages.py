"""Are the Python packages those that this version was made for?"""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from loader import __version__
from loader.doctor.check import Check, failed, ok

DISTRIBUTION = "xapi-warehouse"
SHOWN = ("chdb", "clickhouse-connect", "dbt-core", "dbt-clickhouse")
_REPAIR = "install them anew: `make install`, or pip install -c constraints.txt."


def loader_version() -> Check:
    """Which loader, on which Python."""
    return ok("loader", f"{__version__}, Python {platform.python_version()}")


def packages() -> Check:
    """Whether every package is there in a version that is asked for."""
    try:
        written = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return failed("packages", f"{DISTRIBUTION} itself is not installed", _REPAIR)
    wanted = [Requirement(line) for line in written]
    needed = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [fault for one in needed if (fault := _fault(one))]
    if wrong:
        return failed("packages", "; ".join(wrong), _REPAIR)
    shown = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    return ok("packages", f"{shown} and {len(needed) - len(SHOWN)} more, as required")


def _fault(wanted: Requirement) -> str:
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"{wanted.name} is missing"
    if wanted.specifier.contains(found, prereleases=True):
        return ""
    return f"{wanted.name} is {found}, wanted is {wanted.specifier}"
