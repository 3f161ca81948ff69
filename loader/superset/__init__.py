"""Dashboards in Apache Superset: compare what a server has with the bundle, and bring it there."""

from loader.superset.apply import Outcome, apply, differences
from loader.superset.bundle import Bundle, read_bundle
from loader.superset.server import Superset

__all__ = ["Bundle", "Outcome", "Superset", "apply", "differences", "read_bundle"]
