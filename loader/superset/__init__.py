"""Dashboards in Apache Superset: compare what a server has with the bundle, and bring it there."""

from loader.superset.access import access_differences, apply_access
from loader.superset.apply import Outcome, apply, differences
from loader.superset.bundle import Bundle, read_bundle
from loader.superset.embedding import guest_token
from loader.superset.server import Superset

__all__ = [
    "Bundle",
    "Outcome",
    "Superset",
    "access_differences",
    "apply",
    "apply_access",
    "differences",
    "guest_token",
    "read_bundle",
]
