"""Whether everything is in place, and what to do where it is not (`loader doctor`)."""

from loader.doctor.check import Check, Level
from loader.doctor.examine import examine

__all__ = ["Check", "Level", "examine"]
