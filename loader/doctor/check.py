"""What a check comes to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum


class Level(str, Enum):
    """How it stands with something; only `failed` keeps the warehouse from working."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, and what to do unless it is ok."""

    name: str
    level: Level
    found: str
    remedy: str = ""

    def as_object(self) -> dict[str, str]:
        """The same for `--json`."""
        return asdict(self) | {"level": self.level.value}


def ok(name: str, found: str) -> Check:
    """All is well."""
    return Check(name, Level.OK, found)


def warning(name: str, found: str, remedy: str = "") -> Check:
    """It works, but not for ever or not for all."""
    return Check(name, Level.WARNING, found, remedy)


def failed(name: str, found: str, remedy: str = "") -> Check:
    """It does not work."""
    return Check(name, Level.FAILED, found, remedy)
